namespace Layerbench.Worker.Variants.Mixers;

/// <summary>The small network that makes Hyena's kernels: positions, two layers of sines, an exponential window.</summary>
internal sealed class HyenaFilters
{
    /// <summary>t, and cosine and sine of one wave over the sequence.</summary>
    private const long Positions = 3;

    // Slowest and fastest decay of a kernel: it falls to 1e-2 over 1.5 and 0.3 sequences, by channel.
    private const double Target = 1e-2;
    private const double Slow = 1.5;
    private const double Fast = 0.3;

    private readonly (long SeqLen, long Model, long Width) sizes;
    private readonly Tensor waves;
    private readonly Tensor window;

    /// <param name="like">Of the dtype and on the device of the kernels.</param>
    public HyenaFilters(AxisValues values, Tensor like)
    {
        sizes = (values.Integer("seq_len"), values.Integer("d_model"), values.Integer("filter_width"));
        var t = torch.linspace(0, 1, sizes.SeqLen, torch.ScalarType.Float64).unsqueeze(1);
        var angle = t.mul(2 * Math.PI);
        waves = torch.cat([t, angle.cos(), angle.sin().neg()], 1).to(like.dtype).to(like.device);
        var (slowest, fastest) = (-Math.Log(Target) / Slow, -Math.Log(Target) / Fast);
        var rates = torch.linspace(slowest, fastest, sizes.Model, torch.ScalarType.Float64);
        var decay = t.neg().mul(rates).exp();
        window = torch.cat([decay, decay], 1).to(like.dtype).to(like.device);
    }

    /// <summary>The network's weights, by name.</summary>
    public Dictionary<string, Tensor> Draw(WeightSet weights) =>
        new(StringComparer.Ordinal)
        {
            ["f1"] = weights.Plain(WeightSpec.Matrix("f1", Positions, sizes.Width)),
            ["f1_b"] = weights.Plain(WeightSpec.Bias("f1_b", sizes.Width)),
            ["f2"] = weights.Plain(WeightSpec.Matrix("f2", sizes.Width, sizes.Width)),
            ["f2_b"] = weights.Plain(WeightSpec.Bias("f2_b", sizes.Width)),
            ["f3"] = weights.Plain(WeightSpec.Matrix("f3", sizes.Width, 2 * sizes.Model)),
        };

    /// <returns>
    /// [seq_len, 2·d_model], the first kernel before the second. Sums over time steps are brought near 1, whatever the
    /// length.
    /// </returns>
    public Tensor Make(IReadOnlyDictionary<string, Tensor> weights) =>
        waves
            .matmul(weights["f1"])
            .Into(z => z.add(weights["f1_b"]))
            .Into(z => z.sin())
            .Into(hidden => hidden.matmul(weights["f2"]))
            .Into(z => z.add(weights["f2_b"]))
            .Into(z => z.sin())
            .Into(hidden => hidden.matmul(weights["f3"]))
            .Into(kernels => kernels.mul(window))
            .Into(kernels => kernels.div(Math.Sqrt(sizes.SeqLen)));
}
