namespace Layerbench.Worker.Gate;

/// <summary>
/// Where a gradient is not determined. Where a hidden unit is within rounding of zero, ReLU's derivative is 0 or 1 by the
/// last bit of a sum, and two right implementations differ by a whole term there (among 10^7 hidden units of float32
/// some always do). Where tokens are computed apart, the gate lets no gradient flow into such tokens, on either side,
/// and compares the others. Where they are mixed, it asks how far gradients move when such units change sides.
/// </summary>
/// <param name="band">How near zero is undetermined, relative to the largest magnitude.</param>
/// <param name="masks">Tokens are computed apart.</param>
/// <param name="draw">0 puts undetermined units above zero, 1 below, others each by a coin of that draw; null leaves them.</param>
internal sealed class Kinks(double band, bool masks, int? draw = null)
{
    private readonly torch.Generator? coin = draw is { } seed ? new((ulong)seed, torch.CPU) : null;

    /// <summary>
    /// The tokens with the widest margins stay in whatever the band, because a comparison of nothing would always hold:
    /// a wide layer of a half type has a unit near zero in every token.
    /// </summary>
    private const double LeastShareCompared = 0.1;

    private readonly List<Tensor> margins = [];
    private Tensor? ofPart;

    /// <param name="hidden">[batch part, seq_len, units], before the nonlinearity.</param>
    public void Note(Tensor hidden)
    {
        if (!masks)
        {
            return;
        }

        var size = hidden.detach().abs();
        var margin = size.amin([-1], keepdim: true).div(size.max());
        ofPart = ofPart is null ? margin : torch.minimum(ofPart, margin);
    }

    /// <summary>The same units, those that are undetermined put on a side.</summary>
    public Tensor Sided(Tensor hidden)
    {
        if (coin is null)
        {
            return hidden;
        }

        var value = hidden.detach();
        var width = value.abs().max().mul(band);
        var sign = draw switch
        {
            0 => torch.ones_like(value),
            1 => torch.ones_like(value).neg(),
            // On the CPU, whose generator is not the one that dropout draws from.
            _ => torch.rand(value.shape, value.dtype, generator: coin).sub(0.5).sign().to(value.device),
        };
        return torch.where(value.abs().lt(width), hidden.sub(value).add(width.mul(sign)), hidden);
    }

    /// <summary>Ends a part of the batch.</summary>
    /// <returns>The tensors that must live until <see cref="Masked"/>.</returns>
    public IReadOnlyList<Tensor> EndPart()
    {
        if (ofPart is null)
        {
            return [];
        }

        margins.Add(ofPart);
        ofPart = null;
        return [margins[^1]];
    }

    /// <summary>The gradient of an output, [batch, seq_len, …], with undetermined tokens set to zero.</summary>
    public Tensor Masked(Tensor gradient)
    {
        if (margins.Count == 0)
        {
            return gradient;
        }

        var margin = torch.cat(margins, 0);
        var least = (int)Math.Ceiling(margin.numel() * LeastShareCompared);
        var widest = margin.flatten().topk(least).values.min().item<double>();
        return gradient.masked_fill(margin.lt(Math.Min(band, widest)), 0);
    }
}
