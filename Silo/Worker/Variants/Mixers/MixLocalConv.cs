using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>A local depthwise convolution: each time step sees a few neighbours.</summary>
internal sealed class MixLocalConv : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.local_conv",
            "Depthwise convolution over a few time steps, centred or causal, zeros beyond the ends",
            "y[t,c] = sum_j k[j,c] x[t + j - (width-1)/2, c]; causal: x[t + j - (width-1), c], j = 0 .. width-1",
            "F. Wu et al., Pay Less Attention with Lightweight and Dynamic Convolutions, 2019, section 2; arXiv:1901.10430",
            [.. Axes, new("width", "integer", "time steps of the kernel", "3", Minimum: 1), Causal],
            [new("causal or width % 2 == 1", "a centred kernel has as many steps before as after")],
            "width*d_model",
            "2*batch*seq_len*width*d_model",
            "4*(2*batch*seq_len*d_model+width*d_model)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (dModel, width) = (values.Integer("d_model"), values.Integer("width"));
        var k = weights.Depthwise(WeightSpec.Matrix("k", width, dModel));
        var before = Before(values);
        var after = width - 1 - before;
        return (x, _) =>
            x.transpose(1, 2)
                .Into(turned => Functional.pad(turned, (before, after)))
                .Into(padded => Functional.conv1d(padded, k, groups: dModel))
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
        var (before, width) = (Before(values), values.Integer("width"));
        var padded = Functional.pad(x, (0L, 0L, before, width - 1 - before));
        return Enumerable
            .Range(0, checked((int)width))
            .Select(j => padded.narrow(1, j, values.Integer("seq_len")).mul(weights["k"].select(0, j)))
            .Aggregate((sum, term) => sum.add(term));
    }

    /// <summary>Zeros that stand before the first time step.</summary>
    private static long Before(AxisValues values) =>
        values.Truth("causal") ? values.Integer("width") - 1 : values.Integer("width") / 2;
}
