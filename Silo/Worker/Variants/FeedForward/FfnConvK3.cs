using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two convolutions of kernel 3: each time step sees its neighbours.</summary>
internal sealed class FfnConvK3 : FeedForwardLayer
{
    private const long Taps = 3;

    public override VariantInfo Info { get; } =
        new(
            "ffn.conv_k3",
            "Two convolutions of kernel 3 over time, zeros beyond the ends; transpositions counted",
            "h_t = max(0, sum_j x_{t+j-1} W1_j + b1), y_t = sum_j h_{t+j-1} W2_j + b2, j = 0 .. 2",
            "Y. Ren et al., FastSpeech, 2019, section 3.1; arXiv:1905.09263",
            Axes,
            [],
            "6*d_model*d_ff+d_ff+d_model",
            "12*batch*seq_len*d_model*d_ff",
            "4*(2*batch*seq_len*d_model+2*batch*seq_len*d_ff+6*d_model*d_ff)",
            []
        );

    public override bool SpansTokens => true;

    public override bool MixesTokens(AxisValues values) => true;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (d, h) = (values.Integer("d_model"), values.Integer("d_ff"));
        var w1 = weights.Kernel(WeightSpec.Fan("w1", Taps * d, Taps, d, h));
        var b1 = weights.Plain(WeightSpec.Bias("b1", h));
        var w2 = weights.Kernel(WeightSpec.Fan("w2", Taps * h, Taps, h, d));
        var b2 = weights.Plain(WeightSpec.Bias("b2", d));
        return (x, _) =>
            x.transpose(1, 2)
                .Into(turned => Functional.conv1d(turned, w1, b1, padding: 1))
                .Into(z => z.relu())
                .Into(hidden => Functional.conv1d(hidden, w2, b2, padding: 1))
                .Into(y => y.transpose(1, 2))
                .Into(y => y.contiguous());
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var seqLen = values.Integer("seq_len");
        var hidden = kinks(Layer(x, weights["w1"], weights["b1"])).clamp_min(0);
        return Layer(hidden, weights["w2"], weights["b2"]);

        Tensor Layer(Tensor input, Tensor taps, Tensor bias)
        {
            var padded = Functional.pad(input, (0L, 0L, 1L, 1L));
            return Enumerable
                .Range(0, (int)Taps)
                .Select(j => padded.narrow(1, j, seqLen).matmul(taps.select(0, j)))
                .Aggregate((sum, term) => sum.add(term))
                .add(bias);
        }
    }
}
