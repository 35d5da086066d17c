using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// The same variant's absolute time in two runs. Runs are not interleaved, so what changed between them besides the code
/// (the machine's state, its neighbours) is part of the difference; a fingerprint sees only what it names.
/// </summary>
public static class RunComparison
{
    /// <summary>
    /// Of each label, time in <paramref name="after"/> ÷ time in <paramref name="before"/>, over launches. The interval is
    /// wider by the drift that was seen, so that two runs are called equal only where the machine was; the p-value tests
    /// what lies beyond the furthest drift that the canaries allow, so that the machine is not called a slower variant.
    /// </summary>
    /// <param name="labels">The cell's variants; the same in both, as its id says.</param>
    /// <param name="exclusions">Whether blocks are set aside on outside evidence.</param>
    /// <param name="drift">Of the device, as far as it concerns a variant; by label.</param>
    /// <exception cref="BadEvidenceException">Launches that no cell can have.</exception>
    public static IReadOnlyList<Comparison> Of(
        IReadOnlyList<string> labels,
        IReadOnlyList<LaunchRecord> before,
        IReadOnlyList<LaunchRecord> after,
        bool exclusions,
        Func<string, RunDrift> drift
    )
    {
        var (a, b) = (Logs(labels.Count, before, exclusions), Logs(labels.Count, after, exclusions));
        return [.. labels.Select((label, v) => new Comparison(label, Between(Known(a[v]), Known(b[v]), drift(label))))];
    }

    /// <summary>
    /// The same where launch n of one side was taken beside launch n of the other: each pair gives one log ratio, and the
    /// pairs are judged as launches are. Launches without a partner are left out.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<Comparison> OfPairs(
        IReadOnlyList<string> labels,
        IReadOnlyList<LaunchRecord> before,
        IReadOnlyList<LaunchRecord> after,
        bool exclusions
    )
    {
        var numbers = Numbers(before).Intersect(Numbers(after)).ToHashSet();
        var a = Logs(labels.Count, before.Where(l => numbers.Contains(l.Number)), exclusions);
        var b = Logs(labels.Count, after.Where(l => numbers.Contains(l.Number)), exclusions);
        return
        [
            .. labels.Select(
                (label, v) =>
                {
                    double[] logs = [.. a[v].Zip(b[v], (x, y) => y - x).OfType<double>()];
                    var ratio =
                        logs.Length == 0
                            ? new Interval(double.NaN, 0, double.PositiveInfinity, 0)
                            : HodgesLehmann.EstimateFromLogs(logs, Looks.Level(logs.Length));
                    return new Comparison(label, new Evidence(ratio, Verdicts.PValue(logs)));
                }
            ),
        ];
    }

    private static Evidence Between(double[] before, double[] after, RunDrift drift)
    {
        var (value, low, high, launches) = Shift.Estimate(before, after);
        return new(
            new Interval(Math.Exp(value), Math.Exp(low - drift.Seen), Math.Exp(high + drift.Seen), launches),
            Shift.WelchP(before, after, drift.Most)
        );
    }

    private static IEnumerable<int> Numbers(IReadOnlyList<LaunchRecord> launches) =>
        launches.Where(l => l.Kind == LaunchKind.Time).Select(l => l.Number);

    private static double[] Known(double?[] logs) => [.. logs.OfType<double>()];

    /// <summary>By variant: the log of its median time in each launch, by number; null where it has none.</summary>
    internal static double?[][] Logs(int variants, IEnumerable<LaunchRecord> launches, bool exclusions)
    {
        var timed = launches.Where(l => l.Kind == LaunchKind.Time).OrderBy(l => l.Number);
        var summaries = timed
            .Select(l =>
                LaunchSummary.Of(exclusions ? Exclusions.Apply(l) : GpuEvidence.Undo(l), variants, baseline: 0)
            )
            .ToList();
        return [.. Enumerable.Range(0, variants).Select(v => summaries.Select(s => s.LogSeconds[v]).ToArray())];
    }
}
