using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Attention by the framework's fused kernel, which need not keep the scores.</summary>
internal sealed class MixSdpa : SoftmaxAttention
{
    public override VariantInfo Info { get; } =
        Describe("mix.sdpa", "Multi-head self-attention by the framework's fused kernel", "");

    protected override Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, torch.Device device)
    {
        var causal = values.Truth("causal");
        return (q, k, v) => Functional.scaled_dot_product_attention(q, k, v, is_casual: causal);
    }
}
