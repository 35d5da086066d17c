using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>By the convolution theorem.</summary>
internal sealed class MixGconvFft : GlobalConvolution
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.gconv_fft",
            "Global depthwise convolution by real Fourier transforms",
            FftFlops,
            // Spectra have as many numbers as what they are of, twice that where zeros are appended; each written and read.
            LeastBytes + "+(causal ? 8 : 4)*(4*batch*seq_len*d_model+2*seq_len*d_model)"
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var mix = Convolutions.Fft(values, weights.Plain(Kernel(values)));
        return (x, _) => mix(x);
    }
}
