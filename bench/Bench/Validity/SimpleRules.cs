using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>What is usually done with two lists of times: each says −1 (faster), 1 (slower) or 0 (no claim).</summary>
internal static class SimpleRules
{
    /// <summary>Mann–Whitney, two-sided, by the normal approximation with ties (Mann and Whitney 1947, doi:10.1214/aoms/1177730491).</summary>
    public static int MannWhitney(IReadOnlyList<double> variant, IReadOnlyList<double> baseline, double alpha)
    {
        var all = variant
            .Select(v => (Value: v, Mine: true))
            .Concat(baseline.Select(v => (Value: v, Mine: false)))
            .OrderBy(v => v.Value)
            .ToList();
        double ranks = 0,
            ties = 0;
        for (var i = 0; i < all.Count; )
        {
            var j = i;
            while (j < all.Count && all[j].Value == all[i].Value)
            {
                j++;
            }

            var tied = (double)(j - i);
            ranks += all[i..j].Count(v => v.Mine) * (i + j + 1) / 2.0;
            ties += tied * tied * tied - tied;
            i = j;
        }

        double n = variant.Count,
            m = baseline.Count,
            sum = n + m;
        var u = ranks - n * (n + 1) / 2 - n * m / 2;
        var deviation = Math.Sqrt(n * m / 12 * (sum + 1 - ties / (sum * (sum - 1))));
        // 10^6 degrees of freedom stand for the normal distribution.
        var p = deviation == 0 ? 1 : StudentT.TwoSidedP(Math.Max(0, Math.Abs(u) - 0.5) / deviation, 1e6);
        return p < alpha ? Math.Sign(u) : 0;
    }

    /// <summary>Seven runs each; a claim where mean ± standard deviation of one does not reach the other's, as readers of %timeit do.</summary>
    public static int Timeit(IReadOnlyList<double> variant, IReadOnlyList<double> baseline)
    {
        const int runs = 7;
        var (mine, myDeviation) = Moments([.. variant.Take(runs)]);
        var (other, otherDeviation) = Moments([.. baseline.Take(runs)]);
        return Math.Abs(mine - other) > myDeviation + otherDeviation ? Math.Sign(mine - other) : 0;
    }

    /// <summary>One-sample t on logs of ratios.</summary>
    public static int StudentsT(IReadOnlyList<double> logRatios, double alpha) =>
        Verdicts.PValue(logRatios) < alpha ? Math.Sign(logRatios.Average()) : 0;

    /// <summary>Welch's t on the times.</summary>
    public static int Welch(IReadOnlyList<double> variant, IReadOnlyList<double> baseline, double alpha) =>
        Shift.WelchP(baseline, variant) < alpha ? Math.Sign(variant.Average() - baseline.Average()) : 0;

    /// <summary>A claim where the 95% intervals of both means do not overlap.</summary>
    public static int NoOverlap(IReadOnlyList<double> variant, IReadOnlyList<double> baseline)
    {
        var ((low, high), (otherLow, otherHigh)) = (Interval(variant), Interval(baseline));
        return low > otherHigh ? 1
            : high < otherLow ? -1
            : 0;
    }

    /// <summary>
    /// A claim where a one-sided Welch test at 5% says that the difference is beyond the margin, as BenchmarkDotNet's
    /// statistical-test column does with a relative threshold; between the margins it says "same".
    /// </summary>
    public static int BeyondMargin(IReadOnlyList<double> variant, IReadOnlyList<double> baseline, double margin) =>
        Welch(variant, [.. baseline.Select(b => b * (1 + margin))], 0.1) > 0 ? 1
        : Welch(variant, [.. baseline.Select(b => b / (1 + margin))], 0.1) < 0 ? -1
        : 0;

    /// <summary>Whether the 95% t-interval over the blocks of one launch holds the log of the true ratio.</summary>
    public static bool Holds(PairTimes launch, double truth)
    {
        var (low, high) = Interval([.. launch.Second.Zip(launch.Baseline, (s, b) => Math.Log(s / b))]);
        return low <= truth && truth <= high;
    }

    private static (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        var (mean, deviation) = Moments(values);
        var half = StudentT.Critical(0.05, values.Count - 1) * deviation / Math.Sqrt(values.Count);
        return (mean - half, mean + half);
    }

    private static (double Mean, double Deviation) Moments(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)));
    }
}
