using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>
/// A depthwise convolution over the sequence whose kernel is as long as the sequence: circular, or causal. One formula,
/// three ways to compute it.
/// </summary>
internal abstract class GlobalConvolution : MixerLayer
{
    protected const string DirectFlops = "2*batch*seq_len**2*d_model";

    // Three real transforms, of 2.5 n log2 n each; n = 2 seq_len where zeros are appended.
    protected const string FftFlops =
        "(causal ? 15*(log2(max(2, seq_len))+1) : 7.5*log2(max(2, seq_len)))*batch*seq_len*d_model";

    protected const string LeastBytes = "4*(2*batch*seq_len*d_model+seq_len*d_model)";

    private static readonly string[] Names = ["mix.gconv_circulant", "mix.gconv_direct", "mix.gconv_fft"];

    protected static VariantInfo Describe(string name, string summary, string flops, string bytes) =>
        new(
            name,
            summary,
            "y[t,c] = sum_s k[s,c] x[(t+s) mod seq_len, c]; causal: y[t,c] = sum_{s<=t} k[s,c] x[t-s, c]",
            "circular: Y. Rao et al., Global Filter Networks, 2021, arXiv:2107.00645; causal: D. W. Romero et al., CKConv, 2021, arXiv:2102.02611",
            [.. Axes, Causal],
            [],
            "seq_len*d_model",
            flops,
            bytes,
            [.. Names.Where(n => n != name)]
        );

    protected static WeightSpec Kernel(AxisValues values, string name = "k") =>
        WeightSpec.Matrix(name, values.Integer("seq_len"), values.Integer("d_model"));

    public override string ReferenceName => "mix.gconv_direct";

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => FourierMatrices.Of(values, x).Convolve(x, weights["k"]);
}
