using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>FNet: a Fourier transform over features and time steps in place of attention, nothing to train.</summary>
internal sealed class MixFnet : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.fnet",
            "The real part of the Fourier transform over features and time steps; nothing to train, no causal form",
            "y = Re(F_seq(F_features(x)))",
            "J. Lee-Thorp et al., FNet, 2021, equation 3; arXiv:2105.03824",
            Axes,
            [],
            "0",
            // Complex transforms of 5 n log2 n each, the first of real numbers at half of that.
            "batch*seq_len*d_model*(2.5*log2(d_model)+5*log2(seq_len))",
            "4*(2*batch*seq_len*d_model+4*batch*seq_len*d_model)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        long[] dimensions = [1, 2];
        return (x, _) => torch.fft.fft2(x, dim: dimensions).Into(spectrum => spectrum.real).Into(y => y.contiguous());
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var (overTime, overFeatures) = (Waves(values.Integer("seq_len"), x), Waves(values.Integer("d_model"), x));
        return overTime
            .Cosines.matmul(x)
            .matmul(overFeatures.Cosines)
            .sub(overTime.Sines.matmul(x).matmul(overFeatures.Sines));
    }

    /// <summary>cos and sin of 2π·j·k ÷ size, both symmetric.</summary>
    private static (Tensor Cosines, Tensor Sines) Waves(long size, Tensor like)
    {
        var places = torch.arange(size, torch.ScalarType.Int64, like.device);
        var turns = places.unsqueeze(1).mul(places).remainder(size).to(torch.ScalarType.Float64);
        var angle = turns.mul(2 * Math.PI / size);
        return (angle.cos().to(like.dtype), angle.sin().to(like.dtype));
    }
}
