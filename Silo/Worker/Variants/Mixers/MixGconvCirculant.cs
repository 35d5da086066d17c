using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>One matrix product for each channel; the matrix is made of the kernel every time.</summary>
internal sealed class MixGconvCirculant : GlobalConvolution
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.gconv_circulant",
            "Global depthwise convolution as a product with circulant matrices",
            DirectFlops,
            LeastBytes + "+8*seq_len**2*d_model"
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var mix = Convolutions.Circulant(values, weights.Arranged(Kernel(values), t => t.t().contiguous(), t => t.t()));
        return (x, _) => mix(x);
    }
}
