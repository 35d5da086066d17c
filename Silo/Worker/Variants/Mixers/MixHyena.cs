using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>Hyena of order 2: causal global convolutions and products by turns, their kernels made by a small network.</summary>
internal sealed class MixHyena : MixerLayer
{
    /// <summary>Width of the convolution of each projection.</summary>
    private const long Short = 3;

    public override VariantInfo Info { get; } =
        new(
            "mix.hyena",
            "Hyena operator of order 2, always causal: two implicit global convolutions, gated by projections",
            "[v, x1, x2] = short(x Win), z = v, z = x_n * (h_n conv z) for n = 1, 2, y = z Wout; short is a causal depthwise "
                + "convolution of width 3, [h1, h2](t) = F3 sin(F2 sin(F1 e(t))) * exp(-a t), e(t) = (t, cos 2 pi t, -sin 2 pi t)",
            "M. Poli et al., Hyena Hierarchy, 2023, section 3, filters as in its code without their direct term; arXiv:2302.10866",
            [.. Axes, new("filter_width", "integer", "hidden units of the network that makes the kernels", "16", 1)],
            [],
            "4*d_model**2+9*d_model+5*filter_width+filter_width**2+2*filter_width*d_model",
            "batch*seq_len*(8*d_model**2+18*d_model)+30*batch*seq_len*d_model*(log2(max(2, seq_len))+1)"
                + "+seq_len*(6*filter_width+4*filter_width**2+4*filter_width*d_model)",
            "4*(26*batch*seq_len*d_model+4*d_model**2+4*seq_len*d_model)",
            []
        );

    public override bool CanBeCausal => true;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, d) = (values.Integer("seq_len"), values.Integer("d_model"));
        var wIn = weights.Linear(WeightSpec.Matrix("w_in", d, 3 * d));
        var shortKernel = weights.Depthwise(WeightSpec.Matrix("short", Short, 3 * d));
        var filters = new HyenaFilters(values, wIn);
        var parts = filters.Draw(weights);
        var wOut = weights.Linear(WeightSpec.Matrix("w_out", d, d));
        return (x, _) =>
        {
            using var projected = Functional
                .linear(x, wIn)
                .Into(all => all.transpose(1, 2))
                .Into(all => Functional.pad(all, (Short - 1, 0L)))
                .Into(all => Functional.conv1d(all, shortKernel, groups: 3 * d))
                .Into(all => all.transpose(1, 2));
            using var kernels = filters.Make(parts);
            var z = projected.narrow(-1, 0, d);
            for (var n = 0; n < 2; n++)
            {
                using var gate = projected.narrow(-1, (n + 1) * d, d);
                using var kernel = kernels.narrow(-1, n * d, d);
                z = z.Into(all => Convolutions.Spectral(all, kernel, seqLen, causal: true)).Into(gate.mul);
            }

            return z.Into(all => Functional.linear(all, wOut));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var seqLen = values.Integer("seq_len");
        var padded = Functional.pad(x.matmul(weights["w_in"]), (0L, 0L, Short - 1, 0L));
        var projected = Enumerable
            .Range(0, (int)Short)
            .Select(j => padded.narrow(1, j, seqLen).mul(weights["short"].select(0, j)))
            .Aggregate((sum, term) => sum.add(term))
            .chunk(3, -1);
        var kernels = new HyenaFilters(values, x).Make(weights).chunk(2, -1);
        var fourier = FourierMatrices.Of(seqLen, causal: true, x);
        var z = projected[1].mul(fourier.Convolve(projected[0], kernels[0]));
        return projected[2].mul(fourier.Convolve(z, kernels[1])).matmul(weights["w_out"]);
    }
}
