using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two dense layers with another activation than ReLU between them. Smooth to the first derivative: no kinks.</summary>
internal abstract class ActivatedFeedForward : FeedForwardLayer
{
    protected static VariantInfo Describe(string name, string activation, string definition, string citation) =>
        new(
            name,
            $"Feed-forward network with {activation}",
            $"y = {activation}(x W1 + b1) W2 + b2, {definition}",
            citation,
            Axes,
            [],
            WeightCount,
            Flops,
            Bytes,
            []
        );

    /// <summary>As the framework offers it: what is timed.</summary>
    protected abstract Tensor Activate(Tensor z);

    /// <summary>From the definition.</summary>
    protected abstract Tensor Definition(Tensor z);

    public sealed override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Linear(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Linear(specs.W2), weights.Plain(specs.B2));
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        Func<Tensor, Tensor> activate = Activate;
        return (x, _) =>
            x.view(-1, dModel)
                .Into(tokens => Functional.linear(tokens, w1, b1))
                .Into(activate)
                .Into(hidden => Functional.linear(hidden, w2, b2))
                .Into(tokens => tokens.view(-1, seqLen, dModel));
    }

    public sealed override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => Definition(x.matmul(weights["w1"]).add(weights["b1"])).matmul(weights["w2"]).add(weights["b2"]);
}
