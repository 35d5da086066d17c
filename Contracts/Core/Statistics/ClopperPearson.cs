namespace Layerbench.Core.Statistics;

/// <summary>
/// Exact one-sided bounds of a share (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404): what is needed to say that
/// a share is proved, where an approximate interval would be too kind to small counts.
/// </summary>
public static class ClopperPearson
{
    /// <summary>The greatest share under which so few would still be seen with a chance of <paramref name="level"/>.</summary>
    /// <param name="count">From 0 to <paramref name="of"/>; need not be whole, as a count of correlated cases is not.</param>
    /// <param name="of">0 or more; of nothing every share is possible.</param>
    public static double Upper(double count, double of, double level = 0.05)
    {
        Check(count, of, level);
        return count >= of ? 1 : Share(1 - level, count + 1, of - count);
    }

    /// <summary>The least share under which so many would still be seen with a chance of <paramref name="level"/>.</summary>
    /// <inheritdoc cref="Upper"/>
    public static double Lower(double count, double of, double level = 0.05)
    {
        Check(count, of, level);
        return count <= 0 ? 0 : Share(level, count, of - count + 1);
    }

    private static void Check(double count, double of, double level)
    {
        if (!(count >= 0 && count <= of))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A count is from 0 to {of}.");
        }

        if (!(level is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        }
    }

    /// <summary>The x at which the beta distribution has this much below it; by bisection, it is monotone.</summary>
    private static double Share(double below, double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 100 && high - low > 1e-15; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = IncompleteBeta.Regularised(a, b, middle) < below ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
