using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Two global depthwise convolutions with a nonlinearity between them: the least that lets tokens interact in pairs.</summary>
internal sealed class MixGconv2 : GlobalConvolution
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.gconv2",
            "Two global depthwise convolutions with a nonlinearity between them",
            $"(method == 'direct' ? 2*{DirectFlops} : 2*{FftFlops})+batch*seq_len*d_model",
            "4*(4*batch*seq_len*d_model+2*seq_len*d_model)"
        ) with
        {
            Equation = "y = gconv(k2, f(gconv(k1, x))), gconv as in mix.gconv_direct, f = ReLU, GELU (exact) or none",
            Axes =
            [
                .. Axes,
                Causal,
                new("activation", "text", "the nonlinearity", "relu", Values: ["relu", "gelu", "none"]),
                new("method", "text", "how a convolution is computed", "fft", Values: ["direct", "fft"]),
            ],
            Parameters = "2*seq_len*d_model",
            EqualTo = [],
        };

    public override string ReferenceName => Info.Name;

    public override bool MixesTokens(AxisValues values) => true;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (first, second) = (Convolution(values, weights, "k1"), Convolution(values, weights, "k2"));
        var activate = Nonlinearity.Function(values.Text("activation"));
        return activate is null ? (x, _) => first(x).Into(second) : (x, _) => first(x).Into(activate).Into(second);
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var fourier = FourierMatrices.Of(values, x);
        var hidden = fourier.Convolve(x, weights["k1"]);
        return fourier.Convolve(Nonlinearity.Definition(values.Text("activation"), hidden, kinks), weights["k2"]);
    }

    private static Func<Tensor, Tensor> Convolution(AxisValues values, WeightSet weights, string kernel) =>
        values.Text("method") == "direct"
            ? Convolutions.Direct(values, weights.Depthwise(Kernel(values, kernel)), values.Integer("d_model"))
            : Convolutions.Fft(values, weights.Plain(Kernel(values, kernel)));
}
