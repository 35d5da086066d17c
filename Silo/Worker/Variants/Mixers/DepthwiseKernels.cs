namespace Layerbench.Worker.Variants.Mixers;

/// <summary>The ways to compute a global depthwise convolution, each with its kernel stored as it wants it.</summary>
internal static class DepthwiseKernels
{
    /// <summary>As a grouped convolution over a sequence that is padded with itself (causal: with zeros before it).</summary>
    public static Func<Tensor, Tensor> Direct(AxisValues values, WeightSet weights, WeightSpec kernel)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var k = weights.Depthwise(kernel);
        // A convolution of the framework is a correlation.
        if (values.Truth("causal"))
        {
            return x =>
                x.transpose(1, 2)
                    .Into(turned => Functional.pad(turned, (seqLen - 1, 0L)))
                    .Into(padded => k.flip(-1).Into(backwards => Convolution(padded, backwards)));
        }

        return x => x.transpose(1, 2).Into(Doubled).Into(padded => Convolution(padded, k));

        Tensor Doubled(Tensor turned)
        {
            using var again = turned.narrow(2, 0, seqLen - 1);
            return torch.cat([turned, again], 2);
        }

        Tensor Convolution(Tensor padded, Tensor by) =>
            Functional.conv1d(padded, by, groups: dModel).Into(y => y.transpose(1, 2)).Into(y => y.contiguous());
    }

    /// <summary>As a product with a matrix for each channel, whose rows are the kernel, each turned one further.</summary>
    public static Func<Tensor, Tensor> Circulant(AxisValues values, WeightSet weights, WeightSpec kernel)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var k = weights.Arranged(kernel, t => t.t().contiguous(), t => t.t());
        var before = torch.zeros([dModel, seqLen - 1], k.dtype, k.device);
        Func<Tensor> row = values.Truth("causal") ? CausalRow : CircularRow;
        // Windows of one row are the matrices with their columns from last to first, [d_model, seq_len, seq_len].
        return x =>
        {
            using var matrices = row().Into(all => all.unfold(1, seqLen, 1));
            return x.flip(1)
                .Into(backwards => backwards.permute(2, 1, 0))
                .Into(matrices.bmm)
                .Into(y => y.permute(2, 1, 0))
                .Into(y => y.contiguous());
        };

        Tensor CausalRow() => torch.cat([before, k], 1);

        Tensor CircularRow()
        {
            using var backwards = k.flip(1);
            using var again = backwards.narrow(1, 0, seqLen - 1);
            return torch.cat([backwards, again], 1);
        }
    }

    /// <summary>By real Fourier transforms: a product in place of the sum. Causal ones are twice as long, filled with zeros.</summary>
    public static Func<Tensor, Tensor> Fft(AxisValues values, WeightSet weights, WeightSpec kernel)
    {
        var seqLen = values.Integer("seq_len");
        var causal = values.Truth("causal");
        var length = causal ? 2 * seqLen : seqLen;
        var k = weights.Plain(kernel);
        return x =>
        {
            var filter = torch.fft.rfft(k, length, dim: 0);
            if (!causal)
            {
                filter = filter.Into(f => f.conj());
            }

            var y = torch
                .fft.rfft(x, length, dim: 1)
                .Into(spectrum => filter.Into(spectrum.mul))
                .Into(spectrum => torch.fft.irfft(spectrum, length, dim: 1));
            return (causal ? y.Into(all => all.narrow(1, 0, seqLen)) : y).Into(all => all.contiguous());
        };
    }
}
