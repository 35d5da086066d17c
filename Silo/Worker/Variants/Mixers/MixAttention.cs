using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Attention step by step: the matrix of scores is in memory, once before and once after its softmax.</summary>
internal sealed class MixAttention : SoftmaxAttention
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.attention",
            "Multi-head self-attention as in the original Transformer, step by step",
            "+4*batch*heads*seq_len**2"
        );

    protected override Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, torch.Device device)
    {
        var scale = 1 / Math.Sqrt((double)Width(values) / Heads(values));
        var future = values.Truth("causal") ? Causality.Future(Length(values), device) : null;
        return (q, k, v) =>
        {
            using var turned = k.transpose(-1, -2);
            var scores = q.mul(scale).Into(scaled => scaled.matmul(turned));
            if (future is not null)
            {
                scores = scores.Into(s => s.masked_fill(future, double.NegativeInfinity));
            }

            return scores.Into(s => s.softmax(-1)).Into(share => share.matmul(v));
        };
    }
}
