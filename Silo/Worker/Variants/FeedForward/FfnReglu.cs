using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Gated by ReLU.</summary>
internal sealed class FfnReglu : GatedFeedForward
{
    public override VariantInfo Info { get; } = Describe("ffn.reglu", "ReLU");

    protected override Tensor Activate(Tensor z) => z.relu();

    protected override Tensor Definition(Tensor z, Func<Tensor, Tensor> kinks) => kinks(z).clamp_min(0);
}
