using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants;

/// <summary>Two dense layers over all tokens: two matrix products.</summary>
internal sealed class FfnDense : FeedForward
{
    public override VariantInfo Info { get; } =
        new(
            "ffn.dense",
            "Feed-forward network as two dense layers over all tokens",
            "max(0, x W1 + b1) W2 + b2",
            Transformer,
            Axes,
            [],
            WeightCount,
            Flops,
            Bytes,
            ["ffn.conv1d"]
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Linear(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Linear(specs.W2), weights.Plain(specs.B2));
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        return (x, _) =>
        {
            var tokens = x.view(-1, dModel);
            var first = Functional.linear(tokens, w1, b1);
            tokens.Dispose();
            var hidden = Functional.relu(first);
            first.Dispose();
            var second = Functional.linear(hidden, w2, b2);
            hidden.Dispose();
            var y = second.view(-1, seqLen, dModel);
            second.Dispose();
            return y;
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Action<Tensor> kinks
    ) => Formula(x, weights, kinks);
}
