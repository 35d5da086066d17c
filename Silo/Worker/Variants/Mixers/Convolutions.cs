namespace Layerbench.Worker.Variants.Mixers;

/// <summary>
/// The ways to compute a convolution whose kernel is as long as the sequence: circular, y[t] = Σ_s k[s] x[(t+s) mod L],
/// or causal, y[t] = Σ_{s≤t} k[s] x[t−s]. From [batch, seq_len, d_model] to the same.
/// </summary>
internal static class Convolutions
{
    /// <summary>By the framework's convolution over a sequence that is padded with itself (causal: with zeros before it).</summary>
    /// <param name="kernel">[d_model, 1, seq_len] with a group for each channel, or [out, in, seq_len] with one group.</param>
    public static Func<Tensor, Tensor> Direct(AxisValues values, Tensor kernel, long groups)
    {
        var seqLen = values.Integer("seq_len");
        // A convolution of the framework is a correlation.
        if (values.Truth("causal"))
        {
            return x =>
                x.transpose(1, 2)
                    .Into(turned => Functional.pad(turned, (seqLen - 1, 0L)))
                    .Into(padded => kernel.flip(-1).Into(backwards => Convolved(padded, backwards)));
        }

        return x => x.transpose(1, 2).Into(Doubled).Into(padded => Convolved(padded, kernel));

        Tensor Doubled(Tensor turned)
        {
            using var again = turned.narrow(2, 0, seqLen - 1);
            return torch.cat([turned, again], 2);
        }

        Tensor Convolved(Tensor padded, Tensor by) =>
            Functional.conv1d(padded, by, groups: groups).Into(y => y.transpose(1, 2)).Into(y => y.contiguous());
    }

    /// <summary>As a product with a matrix for each channel, whose rows are the kernel, each turned one further.</summary>
    /// <param name="kernel">[d_model, seq_len].</param>
    public static Func<Tensor, Tensor> Circulant(AxisValues values, Tensor kernel)
    {
        var seqLen = values.Integer("seq_len");
        var before = torch.zeros([values.Integer("d_model"), seqLen - 1], kernel.dtype, kernel.device);
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

        Tensor CausalRow() => torch.cat([before, kernel], 1);

        Tensor CircularRow()
        {
            using var backwards = kernel.flip(1);
            using var again = backwards.narrow(1, 0, seqLen - 1);
            return torch.cat([backwards, again], 1);
        }
    }

    /// <summary>By real Fourier transforms: a product in place of the sum. Causal ones are twice as long, filled with zeros.</summary>
    /// <param name="kernel">[seq_len, d_model].</param>
    public static Func<Tensor, Tensor> Fft(AxisValues values, Tensor kernel)
    {
        var (seqLen, causal) = (values.Integer("seq_len"), values.Truth("causal"));
        return x => Spectral(x, kernel, seqLen, causal).Into(y => y.contiguous());
    }

    /// <summary><see cref="Fft"/> in whatever layout comes out.</summary>
    public static Tensor Spectral(Tensor x, Tensor kernel, long seqLen, bool causal)
    {
        var length = causal ? 2 * seqLen : seqLen;
        var filter = torch.fft.rfft(kernel, length, dim: 0);
        if (!causal)
        {
            filter = filter.Into(f => f.conj());
        }

        var y = torch
            .fft.rfft(x, length, dim: 1)
            .Into(spectrum => filter.Into(spectrum.mul))
            .Into(product => torch.fft.irfft(product, length, dim: 1));
        return causal ? y.Into(all => all.narrow(1, 0, seqLen)) : y;
    }
}
