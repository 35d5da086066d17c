namespace Layerbench.Core.Statistics;

/// <summary>What may be said of a variant against its baseline.</summary>
public enum Verdict
{
    /// <summary>The evidence allows none of the others.</summary>
    Inconclusive,

    /// <summary>It takes less time: the interval lies below 1, the difference is beyond the margin, and it survives the grid's correction.</summary>
    Faster,

    /// <summary>It takes more time, likewise.</summary>
    Slower,

    /// <summary>The interval lies wholly within the margin (two one-sided tests: Schuirmann 1987, doi:10.1007/BF01068419).</summary>
    Equivalent,
}

/// <summary>When a difference counts.</summary>
public sealed record VerdictRule
{
    /// <summary>Differences up to this ratio do not matter, 0 to 1.</summary>
    public double Margin { get; init; } = 0.02;

    /// <summary>Of all Faster and Slower verdicts of a grid, at most this share is expected to be false.</summary>
    public double FalseDiscoveryRate { get; init; } = 0.05;
}

/// <summary>One variant of one cell, as evidence.</summary>
/// <param name="Ratio">Variant ÷ baseline with its interval.</param>
/// <param name="P">Two-sided p-value of no difference; NaN where there is none.</param>
public readonly record struct Evidence(Interval Ratio, double P);

/// <param name="Adjusted">The p-value corrected over the grid; NaN where there was none.</param>
public readonly record struct Judgement(Verdict Verdict, double Adjusted);

/// <summary>Verdicts over a grid, from evidence alone: the one place where a difference becomes a claim.</summary>
public static class Verdicts
{
    public static IReadOnlyList<Judgement> Over(IReadOnlyList<Evidence> grid, VerdictRule rule)
    {
        var adjusted = FalseDiscovery.BenjaminiYekutieli([.. grid.Select(e => e.P)]);
        return [.. grid.Select((e, i) => new Judgement(Of(e, adjusted[i], rule), adjusted[i]))];
    }

    /// <summary>
    /// A few comparisons that were named beforehand, corrected by <see cref="Holm"/>: the rule's rate is then the chance
    /// that any of their Faster and Slower is false.
    /// </summary>
    public static IReadOnlyList<Judgement> OverNamed(IReadOnlyList<Evidence> named, VerdictRule rule)
    {
        var adjusted = Holm.Adjust([.. named.Select(e => e.P)]);
        return [.. named.Select((e, i) => new Judgement(Of(e, adjusted[i], rule), adjusted[i]))];
    }

    /// <summary>Whether there is an interval to judge by: fewer than 6 launches give none, and are Inconclusive whatever they say.</summary>
    public static bool CanJudge(Evidence evidence) =>
        double.IsFinite(evidence.Ratio.Value) && evidence.Ratio.Low > 0 && double.IsFinite(evidence.Ratio.High);

    private static Verdict Of(Evidence evidence, double adjusted, VerdictRule rule)
    {
        var (value, low, high, _) = evidence.Ratio;
        if (!CanJudge(evidence))
        {
            return Verdict.Inconclusive;
        }

        // The margin is a ratio, so below 1 it ends at 1 ÷ (1 + margin): swapping variant and baseline changes nothing.
        var upper = 1 + rule.Margin;
        var lower = 1 / upper;
        if (low >= lower && high <= upper)
        {
            return Verdict.Equivalent;
        }

        // NaN compares false: no p-value, no claim.
        var significant = adjusted <= rule.FalseDiscoveryRate;
        return significant && high < 1 && value < lower ? Verdict.Faster
            : significant && low > 1 && value > upper ? Verdict.Slower
            : Verdict.Inconclusive;
    }

    /// <summary>Two-sided p-value of no difference from the launches' log ratios (one-sample t; Student 1908).</summary>
    /// <remarks>
    /// Launch medians are close to normal; a rank test cannot go below 2/2^n, 0.03 for six launches, which no grid's
    /// correction would let pass however large the difference.
    /// </remarks>
    /// <returns>NaN for fewer than 3 launches; 0 or 1 where all launches agree exactly.</returns>
    public static double PValue(IReadOnlyList<double> logRatios)
    {
        if (logRatios.Count < 3)
        {
            return double.NaN;
        }

        var mean = logRatios.Average();
        var variance = logRatios.Sum(x => (x - mean) * (x - mean)) / (logRatios.Count - 1);
        if (variance == 0)
        {
            return mean == 0 ? 1 : 0;
        }

        return StudentT.TwoSidedP(mean / Math.Sqrt(variance / logRatios.Count), logRatios.Count - 1);
    }
}
