using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>A global filter: one complex number for each frequency and channel.</summary>
internal sealed class MixGfnet : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.gfnet",
            "Global filter: frequencies of every channel times learnt complex numbers; no causal form",
            "y = irfft(rfft(x) * (f_re + i f_im)); with f = conj(rfft(k)) it is mix.gconv_fft",
            "Y. Rao et al., Global Filter Networks, 2021, equation 4, over one dimension; arXiv:2107.00645",
            Axes,
            [],
            "2*(seq_len//2+1)*d_model",
            // Two real transforms and 6 operations for each product of complex numbers.
            "batch*d_model*(5*seq_len*log2(max(2, seq_len))+6*(seq_len//2+1))",
            "4*(6*batch*seq_len*d_model+2*(seq_len//2+1)*d_model)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var re = weights.Plain(WeightSpec.Fan("f_re", 2, (seqLen / 2) + 1, dModel));
        var im = weights.Plain(WeightSpec.Fan("f_im", 2, (seqLen / 2) + 1, dModel));
        return (x, _) =>
            torch
                .fft.rfft(x, dim: 1)
                .Into(spectrum => torch.complex(re, im).Into(spectrum.mul))
                .Into(product => torch.fft.irfft(product, seqLen, dim: 1))
                .Into(y => y.contiguous());
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => FourierMatrices.Of(values.Integer("seq_len"), causal: false, x).Filter(x, weights["f_re"], weights["f_im"]);
}
