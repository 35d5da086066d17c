using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>With the sigmoid-weighted linear unit, also known as Swish.</summary>
internal sealed class FfnSilu : ActivatedFeedForward
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.silu",
            "SiLU",
            "SiLU(z) = z / (1 + exp(-z))",
            "S. Elfwing et al., Sigmoid-Weighted Linear Units, 2017; arXiv:1702.03118"
        );

    protected override Tensor Activate(Tensor z) => z.silu();

    protected override Tensor Definition(Tensor z) => Nonlinearity.Silu(z);
}
