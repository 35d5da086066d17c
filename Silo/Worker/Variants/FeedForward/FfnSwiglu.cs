using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Gated by SiLU.</summary>
internal sealed class FfnSwiglu : GatedFeedForward
{
    public override VariantInfo Info { get; } = Describe("ffn.swiglu", "SiLU");

    protected override Tensor Activate(Tensor z) => z.silu();

    protected override Tensor Definition(Tensor z, Func<Tensor, Tensor> kinks) => Nonlinearity.Silu(z);
}
