using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>With the squared ReLU.</summary>
internal sealed class FfnRelu2 : ActivatedFeedForward
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.relu2",
            "ReLU2",
            "ReLU2(z) = max(0, z)^2",
            "D. R. So et al., Primer: Searching for Efficient Transformers, 2021; arXiv:2109.08668"
        );

    protected override Tensor Activate(Tensor z) => z.relu().Into(r => r.square());

    protected override Tensor Definition(Tensor z) => z.clamp_min(0).pow(2);
}
