using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Gated by GELU.</summary>
internal sealed class FfnGeglu : GatedFeedForward
{
    public override VariantInfo Info { get; } = Describe("ffn.geglu", "GELU");

    protected override Tensor Activate(Tensor z) => z.gelu();

    protected override Tensor Definition(Tensor z, Func<Tensor, Tensor> kinks) => Nonlinearity.Gelu(z);
}
