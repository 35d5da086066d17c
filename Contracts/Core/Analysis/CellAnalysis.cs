using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>One variant against its cell's baseline, as evidence for a verdict.</summary>
public readonly record struct Comparison(string Label, Evidence Evidence);

/// <summary>What one cell's launches say, before the grid is known.</summary>
/// <param name="Estimate">Null where nothing was measured, or what is stored cannot be one cell's measurement.</param>
/// <param name="Comparisons">One per variant but the baseline; none without an estimate.</param>
/// <param name="Problem">What is wrong with the evidence, so that it says nothing; null where nothing is.</param>
/// <param name="Blocks">Blocks timed, over all launches.</param>
/// <param name="SetAside">Of these, on outside evidence.</param>
public sealed record CellFindings(
    ControlKind Control,
    CellEstimate? Estimate,
    IReadOnlyList<Comparison> Comparisons,
    string? Problem,
    long Blocks,
    SetAside SetAside
);

/// <summary>From the launches of one cell to estimate and evidence: pure, so that one store gives one answer everywhere.</summary>
public static class CellAnalysis
{
    private static readonly Interval NoInterval = new(double.NaN, 0, double.PositiveInfinity, 0);

    /// <param name="labels">The cell's variants, in its order.</param>
    /// <param name="launches">Those that are not superseded, of both kinds, in any order.</param>
    public static CellFindings Of(
        IReadOnlyList<string> labels,
        string baseline,
        IReadOnlyList<LaunchRecord> launches,
        AnalysisRule rule
    )
    {
        var control = Controls.KindOf(labels);
        IReadOnlyList<LaunchRecord> all = [.. launches.Select(GpuEvidence.Undo)];
        var kept = rule.Exclusions ? [.. launches.Select(Exclusions.Apply)] : all;
        var timed = kept.Where(l => l.Kind == LaunchKind.Time).ToList();
        var blocks = timed.Sum(l => (long)l.Samples.Select(s => s.Block).Distinct().Count());
        var aside = all.Where(l => l.Kind == LaunchKind.Time)
            .Zip(timed, SetAside.Of)
            .Aggregate(default(SetAside), (sum, launch) => sum + launch);
        if (launches.All(l => l.Kind == LaunchKind.Quality))
        {
            return new CellFindings(control, null, [], null, 0, default);
        }

        CellEstimate estimate;
        List<Comparison> comparisons;
        try
        {
            (estimate, var summaries) = CellEstimator.WithLaunches(labels, baseline, kept, rule.Level(timed.Count));
            comparisons = timed.Count == 0 ? [] : Compare(labels, summaries, estimate);
        }
        catch (BadEvidenceException e)
        {
            return new CellFindings(control, null, [], e.Message, blocks, aside);
        }

        var problem = Problem(timed, labels.Count, comparisons);
        return new CellFindings(
            control,
            estimate,
            problem is null ? comparisons : comparisons.ConvertAll(c => new Comparison(c.Label, Nothing)),
            problem,
            blocks,
            aside
        );
    }

    private static Evidence Nothing => new(NoInterval, double.NaN);

    private static List<Comparison> Compare(
        IReadOnlyList<string> labels,
        IReadOnlyList<LaunchSummary> summaries,
        CellEstimate estimate
    )
    {
        var comparisons = new List<Comparison>();
        for (var variant = 0; variant < labels.Count; variant++)
        {
            if (estimate.Variants[variant].Ratio is { } ratio)
            {
                double[] logs = [.. summaries.Select(s => s.LogRatios[variant]).OfType<double>()];
                var evidence = new Evidence(ratio, Verdicts.PValue(logs));
                comparisons.Add(new Comparison(labels[variant], AllAlike(logs) ? Nothing : evidence));
            }
        }

        return comparisons;
    }

    /// <summary>
    /// Launches that agree to the last bit are copies of one, or a clock too coarse for what it times: their spread of
    /// zero would be a certainty that nobody has.
    /// </summary>
    private static bool AllAlike(double[] logs) => logs.Length > 1 && Array.TrueForAll(logs, l => l == logs[0]);

    private static string? Problem(List<LaunchRecord> timed, int variants, List<Comparison> comparisons)
    {
        if (timed.Count == 0 || variants < 2)
        {
            return null;
        }

        if (timed.All(l => l.Samples.Select(SampleScreen.Screen).All(s => !s.Accepted)))
        {
            return "no sample was accepted";
        }

        return comparisons.Count > 0 && comparisons.TrueForAll(c => c.Evidence.Ratio.Launches == 0)
            ? "no launch has a ratio, or all have exactly the same: copied launches, or a clock too coarse"
            : null;
    }
}
