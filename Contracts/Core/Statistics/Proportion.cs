namespace Layerbench.Core.Statistics;

/// <summary>A share with its 95% interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).</summary>
/// <param name="Value">0 to 1; NaN of nothing.</param>
/// <param name="Low">0 of nothing.</param>
/// <param name="High">1 of nothing.</param>
public readonly record struct Proportion(long Count, long Total, double Value, double Low, double High)
{
    private const double Normal975 = 1.959963984540054;

    /// <param name="count">From 0 to <paramref name="of"/>.</param>
    public static Proportion Of(long count, long of)
    {
        if (count < 0 || count > of)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A count is from 0 to {of}.");
        }

        if (of == 0)
        {
            return new(0, 0, double.NaN, 0, 1);
        }

        var (share, z2) = ((double)count / of, Normal975 * Normal975);
        var centre = (share + z2 / (2.0 * of)) / (1 + z2 / of);
        var half = Normal975 / (1 + z2 / of) * Math.Sqrt(share * (1 - share) / of + z2 / (4.0 * of * of));
        // At the ends the formula gives 0 and 1 but for rounding.
        return new(count, of, share, count == 0 ? 0 : centre - half, count == of ? 1 : centre + half);
    }
}
