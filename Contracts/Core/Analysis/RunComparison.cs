using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// The same variant's absolute time in two runs. Runs are not interleaved, so what changed between them besides the code
/// (the machine's state, its neighbours) is part of the difference; a fingerprint sees only what it names.
/// </summary>
public static class RunComparison
{
    /// <summary>Of each label, time in <paramref name="after"/> ÷ time in <paramref name="before"/>, over launches.</summary>
    /// <param name="labels">The cell's variants; the same in both, as its id says.</param>
    /// <param name="exclusions">Whether blocks are set aside on outside evidence.</param>
    /// <exception cref="BadEvidenceException">Launches that no cell can have.</exception>
    public static IReadOnlyList<Comparison> Of(
        IReadOnlyList<string> labels,
        IReadOnlyList<LaunchRecord> before,
        IReadOnlyList<LaunchRecord> after,
        bool exclusions
    )
    {
        var (a, b) = (Logs(labels.Count, before, exclusions), Logs(labels.Count, after, exclusions));
        return [.. labels.Select((label, variant) => new Comparison(label, Between(a[variant], b[variant])))];
    }

    private static Evidence Between(double[] before, double[] after)
    {
        var (value, low, high, launches) = Shift.Estimate(before, after);
        return new(new Interval(Math.Exp(value), Math.Exp(low), Math.Exp(high), launches), Shift.WelchP(before, after));
    }

    /// <summary>By variant: the log of its median time in each launch that has one.</summary>
    private static double[][] Logs(int variants, IReadOnlyList<LaunchRecord> launches, bool exclusions)
    {
        var timed = launches.Where(l => l.Kind == LaunchKind.Time);
        var summaries = timed
            .Select(l =>
                LaunchSummary.Of(exclusions ? Exclusions.Apply(l) : GpuEvidence.Undo(l), variants, baseline: 0)
            )
            .ToList();
        return
        [
            .. Enumerable
                .Range(0, variants)
                .Select(v => summaries.Select(s => s.LogSeconds[v]).OfType<double>().ToArray()),
        ];
    }
}
