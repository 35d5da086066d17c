using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two dense layers over all tokens: two matrix products.</summary>
internal sealed class FfnDense : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe("ffn.dense", "Feed-forward network as two dense layers over all tokens");

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Linear(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Linear(specs.W2), weights.Plain(specs.B2));
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        return (x, _) =>
            x.view(-1, dModel)
                .Into(tokens => Functional.linear(tokens, w1, b1))
                .Into(z => z.relu())
                .Into(hidden => Functional.linear(hidden, w2, b2))
                .Into(tokens => tokens.view(-1, seqLen, dModel));
    }
}
