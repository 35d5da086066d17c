namespace Layerbench.Core.Statistics;

/// <summary>
/// The null distribution of Wilcoxon's signed-rank statistic W+ (Wilcoxon 1945, doi:10.2307/3001968), exact up to
/// <see cref="ExactLimit"/> values, beyond by the normal approximation with continuity correction.
/// </summary>
public static class SignedRank
{
    /// <summary>Above this many values the approximation's place is off by one at most.</summary>
    public const int ExactLimit = 50;

    /// <summary>
    /// The place k, from 1, such that the kth smallest and the kth greatest of the n(n+1)/2 Walsh averages bound a
    /// distribution-free interval of at least 1 − <paramref name="level"/>: the greatest k with
    /// P(W+ ≤ k−1) ≤ level/2. 0 where none exists (at 5%, n &lt; 6: even the widest interval has less).
    /// </summary>
    /// <param name="level">The chance that the interval misses, above 0 and below 1.</param>
    public static int IntervalPlace(int n, double level = 0.05)
    {
        if (!(level is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (n > ExactLimit)
        {
            var pairs = n * (n + 1.0);
            var deviation = Math.Sqrt(pairs * (2.0 * n + 1) / 24);
            return (int)Math.Floor(pairs / 4 + 0.5 - NormalQuantile.Upper(level / 2) * deviation);
        }

        var subsets = SubsetsBySum(n);
        var tail = Math.ScaleB(level / 2, n);
        var place = 0;
        var cumulative = 0.0;
        while (place < subsets.Length && cumulative + subsets[place] <= tail)
        {
            cumulative += subsets[place];
            place++;
        }

        return place;
    }

    /// <summary>How many subsets of {1, …, n} have each sum; of the 2^n equally likely sign patterns, those with W+ = sum.</summary>
    private static double[] SubsetsBySum(int n)
    {
        // Whole numbers up to 2^50: exact in a double.
        var subsets = new double[n * (n + 1) / 2 + 1];
        subsets[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var sum = subsets.Length - 1; sum >= rank; sum--)
            {
                subsets[sum] += subsets[sum - rank];
            }
        }

        return subsets;
    }
}
