using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Attention step by step: the matrix of scores is in memory, once before and once after its softmax.</summary>
internal sealed class MixAttention : AttentionLayer
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.attention",
            "Multi-head self-attention as in the original Transformer, step by step",
            "+4*batch*heads*seq_len**2"
        );

    protected override Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, SeededTensors source)
    {
        var scale = 1 / Math.Sqrt((double)values.Integer("d_model") / values.Integer("heads"));
        var future = values.Truth("causal") ? Causality.Future(values.Integer("seq_len"), source.Device) : null;
        return (q, k, v) =>
        {
            var scaled = q.mul(scale);
            var scores = k.transpose(-2, -1).Into(scaled.matmul);
            scaled.Dispose();
            if (future is not null)
            {
                scores = scores.Into(s => s.masked_fill(future, double.NegativeInfinity));
            }

            return scores.Into(s => s.softmax(-1)).Into(share => share.matmul(v));
        };
    }
}
