namespace Layerbench.Worker.Variants.Mixers;

/// <summary>
/// The convolution theorem with the discrete Fourier transform written out as matrices of cosines and sines: a reference
/// that shares no code with what it is compared with, and whose memory does not grow with seq_len² · d_model as the sum
/// over all pairs of tokens does under autograd.
/// </summary>
internal sealed class FourierMatrices
{
    private readonly bool causal;
    private readonly Tensor cosines;
    private readonly Tensor sines;
    private readonly Tensor share;

    private FourierMatrices(long seqLen, bool causal, torch.ScalarType dtype, torch.Device device)
    {
        this.causal = causal;
        var length = causal ? 2 * seqLen : seqLen;
        // The spectrum of real numbers is its own mirror image: frequencies up to the middle, each counted twice.
        var bins = (length / 2) + 1;
        var frequency = torch.arange(bins, torch.ScalarType.Int64, device);
        var time = torch.arange(seqLen, torch.ScalarType.Int64, device);
        var turns = frequency.unsqueeze(1).mul(time).remainder(length).to(torch.ScalarType.Float64);
        var angle = turns.mul(2 * Math.PI / length);
        (cosines, sines) = (angle.cos().to(dtype), angle.sin().to(dtype));
        var counted = torch.full([bins, 1], 2.0 / length, torch.ScalarType.Float64, device);
        counted.narrow(0, 0, 1).div_(2);
        if (length % 2 == 0)
        {
            counted.narrow(0, bins - 1, 1).div_(bins == 1 ? 1 : 2);
        }

        share = counted.to(dtype);
    }

    /// <param name="like">Of the dtype and on the device to compute in.</param>
    public static FourierMatrices Of(AxisValues values, Tensor like) =>
        new(values.Integer("seq_len"), values.Truth("causal"), like.dtype, like.device);

    /// <param name="like">Of the dtype and on the device to compute in.</param>
    public static FourierMatrices Of(long seqLen, bool causal, Tensor like) =>
        new(seqLen, causal, like.dtype, like.device);

    /// <summary>Circular correlation, or causal convolution, of every channel with its own kernel.</summary>
    /// <param name="x">[batch, seq_len, d_model].</param>
    /// <param name="kernel">[seq_len, d_model].</param>
    public Tensor Convolve(Tensor x, Tensor kernel)
    {
        var (re, im) = (cosines.matmul(kernel), sines.matmul(kernel).neg());
        // y[t] = sum k[s] x[t+s] has the spectrum X · conj(K); y[t] = sum k[s] x[t-s] has X · K.
        return Filter(x, re, causal ? im : im.neg());
    }

    /// <summary>Every frequency of every channel times a complex number.</summary>
    /// <param name="kRe">[frequencies, d_model].</param>
    /// <param name="kIm">The same.</param>
    public Tensor Filter(Tensor x, Tensor kRe, Tensor kIm)
    {
        var (xRe, xIm) = (cosines.matmul(x), sines.matmul(x).neg());
        var re = xRe.mul(kRe).sub(xIm.mul(kIm)).mul(share);
        var im = xRe.mul(kIm).add(xIm.mul(kRe)).mul(share);
        return cosines.t().matmul(re).sub(sines.t().matmul(im));
    }
}
