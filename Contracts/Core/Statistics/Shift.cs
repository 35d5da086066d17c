namespace Layerbench.Core.Statistics;

/// <summary>
/// How far one sample lies from another that is independent of it: the median of all pairwise differences (Hodges and
/// Lehmann 1963, doi:10.1214/aoms/1177704172) with the interval that inverts the rank-sum test (Moses 1965; Hollander,
/// Wolfe, Chicken 2014, 4.3), and Welch's p-value of no difference (Welch 1947, doi:10.1093/biomet/34.1-2.28).
/// </summary>
public static class Shift
{
    /// <summary>Above this many pairs the rank-sum distribution is taken as normal.</summary>
    private const int ExactPairs = 2500;

    private const double Normal975 = 1.959963984540054;

    /// <param name="from">Finite; at least one.</param>
    /// <param name="to">Finite; at least one.</param>
    /// <returns>to − from with its 95% interval, unbounded where the samples are too small for one (both of 3).</returns>
    public static Interval Estimate(IReadOnlyList<double> from, IReadOnlyList<double> to)
    {
        if (from.Count == 0 || to.Count == 0)
        {
            return new(double.NaN, double.NegativeInfinity, double.PositiveInfinity, 0);
        }

        double[] differences = [.. to.SelectMany(t => from.Select(f => t - f)).Order()];
        var place = Place(from.Count, to.Count);
        return new(
            Quantiles.MedianSorted(differences),
            place == 0 ? double.NegativeInfinity : differences[place - 1],
            place == 0 ? double.PositiveInfinity : differences[^place],
            Math.Min(from.Count, to.Count)
        );
    }

    /// <param name="allowed">A shift of up to this much, at least 0, is no difference: only what lies beyond is tested.</param>
    /// <returns>NaN where a side has fewer than 2 values, or neither has any spread.</returns>
    public static double WelchP(IReadOnlyList<double> from, IReadOnlyList<double> to, double allowed = 0)
    {
        if (from.Count < 2 || to.Count < 2)
        {
            return double.NaN;
        }

        var (a, b) = (Variance(from) / from.Count, Variance(to) / to.Count);
        var error = a + b;
        return error == 0
            ? double.NaN
            : StudentT.TwoSidedP(
                Math.Max(0, Math.Abs(to.Average() - from.Average()) - allowed) / Math.Sqrt(error),
                error * error / (a * a / (from.Count - 1) + b * b / (to.Count - 1))
            );
    }

    /// <summary>The greatest k with P(U ≤ k−1) ≤ 0.025, so that the kth differences from both ends bound 95%; 0: none.</summary>
    internal static int Place(int n, int m)
    {
        var pairs = (double)n * m;
        if (pairs > ExactPairs)
        {
            return (int)Math.Floor(pairs / 2 + 0.5 - Normal975 * Math.Sqrt(pairs * (n + m + 1) / 12));
        }

        // Mann and Whitney 1947: the count of orders with U = u is the coefficient of q^u in the Gaussian binomial.
        var counts = new double[n * m + 1];
        counts[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            for (var u = counts.Length - 1; u >= m + i; u--)
            {
                counts[u] -= counts[u - m - i];
            }

            for (var u = i; u < counts.Length; u++)
            {
                counts[u] += counts[u - i];
            }
        }

        var tail = 0.025 * counts.Sum();
        var (place, cumulative) = (0, 0.0);
        while (place < counts.Length && cumulative + counts[place] <= tail)
        {
            cumulative += counts[place++];
        }

        return place;
    }

    private static double Variance(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
    }
}
