using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>One way to write max(0, x·W1 + b1)·W2 + b2: the mathematics is the same, what runs is not.</summary>
internal abstract class ExactForm : FeedForwardLayer
{
    private static readonly string[] Names =
    [
        "ffn.batched",
        "ffn.conv1d",
        "ffn.conv1d_ncl",
        "ffn.conv2d",
        "ffn.dense",
        "ffn.einsum",
        "ffn.fused",
        "ffn.timedist",
    ];

    /// <summary>With the costs and the equalities that all exact forms have.</summary>
    protected static VariantInfo Describe(
        string name,
        string summary,
        string equation = "y = max(0, x W1 + b1) W2 + b2"
    ) =>
        new(
            name,
            summary,
            equation,
            Transformer,
            Axes,
            [],
            WeightCount,
            Flops,
            Bytes,
            [.. Names.Where(n => n != name)]
        );

    public sealed override string ReferenceName => "ffn.dense";

    public sealed override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => Formula(x, weights, kinks);
}
