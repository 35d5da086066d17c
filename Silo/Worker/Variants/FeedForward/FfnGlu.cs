using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Gated by sigmoid.</summary>
internal sealed class FfnGlu : GatedFeedForward
{
    public override VariantInfo Info { get; } = Describe("ffn.glu", "sigmoid");

    protected override Tensor Activate(Tensor z) => z.sigmoid();

    protected override Tensor Definition(Tensor z, Func<Tensor, Tensor> kinks) => Nonlinearity.Sigmoid(z);
}
