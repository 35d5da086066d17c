using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>What the feed-forward variants share: [batch, seq_len, d_model] to the same, through d_ff hidden units.</summary>
internal abstract class FeedForwardLayer : LayerVariant
{
    protected const string Flops = "4*batch*seq_len*d_model*d_ff";
    protected const string WeightCount = "2*d_model*d_ff+d_ff+d_model";
    protected const string Bytes = "4*(2*batch*seq_len*d_model+2*batch*seq_len*d_ff+2*d_model*d_ff)";
    protected const string Transformer =
        "A. Vaswani et al., Attention Is All You Need, 2017, section 3.3, equation 2; arXiv:1706.03762";

    protected static IReadOnlyList<AxisInfo> Axes { get; } =
    [
        new("batch", "integer", "sequences in a batch", Minimum: 1),
        new("seq_len", "integer", "tokens in a sequence", Minimum: 1),
        new("d_model", "integer", "features of a token", Minimum: 1),
        new("d_ff", "integer", "hidden units", Default: "4*d_model", Minimum: 1),
    ];

    /// <param name="suffix">Of the names, where a model has several such layers.</param>
    protected static (WeightSpec W1, WeightSpec B1, WeightSpec W2, WeightSpec B2) Specs(
        AxisValues values,
        string suffix = ""
    )
    {
        var (d, h) = (values.Integer("d_model"), values.Integer("d_ff"));
        return (
            WeightSpec.Matrix("w1" + suffix, d, h),
            WeightSpec.Bias("b1" + suffix, h),
            WeightSpec.Matrix("w2" + suffix, h, d),
            WeightSpec.Bias("b2" + suffix, d)
        );
    }

    /// <summary>max(0, x·W1 + b1)·W2 + b2.</summary>
    protected static Tensor Formula(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        Func<Tensor, Tensor> kinks,
        string suffix = ""
    )
    {
        var hidden = x.matmul(weights["w1" + suffix]).add(weights["b1" + suffix]);
        return kinks(hidden).clamp_min(0).matmul(weights["w2" + suffix]).add(weights["b2" + suffix]);
    }
}
