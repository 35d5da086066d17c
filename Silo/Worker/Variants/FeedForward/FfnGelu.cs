using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>The network of BERT and GPT, with the exact form of the activation.</summary>
internal sealed class FfnGelu : ActivatedFeedForward
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.gelu",
            "GELU",
            "GELU(z) = z Phi(z), exact",
            "D. Hendrycks, K. Gimpel, Gaussian Error Linear Units, 2016; arXiv:1606.08415"
        );

    protected override Tensor Activate(Tensor z) => z.gelu();

    protected override Tensor Definition(Tensor z) => Nonlinearity.Gelu(z);
}
