using System.Diagnostics.Metrics;
using Layerbench.Core.Analysis;
using Layerbench.Core.Statistics;

namespace Layerbench.Metrics.Sweeps;

/// <summary>A sweep's figures as series. What is 0 and can be left out is, because a silo may coordinate a hundred sweeps.</summary>
internal static class SweepSeries
{
    public static IEnumerable<Measurement<double>> Cells(SweepReading sweep)
    {
        if (sweep.Stand is not { Progress: var progress })
        {
            yield break;
        }

        var waiting = progress.Size - progress.Excluded - progress.Finished - progress.InFlight;
        (string State, long Cells)[] states =
        [
            ("waiting", waiting),
            ("running", progress.InFlight),
            ("ended", progress.Finished),
        ];
        foreach (var (state, cells) in states)
        {
            if (cells > 0)
            {
                yield return LayerbenchMeter.Of((double)cells, ("sweep", sweep.Sweep), ("state", state));
            }
        }
    }

    public static IEnumerable<Measurement<long>> Finished(SweepReading sweep) =>
        sweep.Finished.Select(f => LayerbenchMeter.Of(f.Value, ("sweep", sweep.Sweep), ("outcome", f.Key)));

    public static IEnumerable<Measurement<long>> Attempts(SweepReading sweep) =>
        sweep.Attempts.Select(a => LayerbenchMeter.Of(a.Value, ("sweep", sweep.Sweep), ("cause", a.Key)));

    public static IEnumerable<Measurement<double>> Progress(SweepReading sweep) =>
        One(sweep, sweep.Stand is { Progress: { Size: > 0 } p } ? (double)p.Passed / p.Size : null);

    public static IEnumerable<Measurement<double>> Eta(SweepReading sweep) =>
        One(sweep, sweep.Stand?.Eta?.TotalSeconds);

    public static IEnumerable<Measurement<double>> LowerBound(SweepReading sweep) =>
        One(sweep, sweep.Stand?.LowerBound?.TotalSeconds);

    public static IEnumerable<Measurement<double>> FailureBudget(SweepReading sweep) =>
        One(sweep, sweep.Stand?.FailureBudgetUsed);

    public static IEnumerable<Measurement<double>> Verdicts(SweepReading sweep)
    {
        foreach (var (variant, counts) in sweep.Findings?.Variants ?? new Dictionary<string, VerdictCounts>())
        {
            (string Name, long Cells)[] verdicts =
            [
                ("faster", counts.Faster),
                ("slower", counts.Slower),
                ("equivalent", counts.Equivalent),
                ("inconclusive", counts.Inconclusive),
            ];
            foreach (var (name, cells) in verdicts)
            {
                if (cells > 0)
                {
                    yield return LayerbenchMeter.Of(
                        (double)cells,
                        ("sweep", sweep.Sweep),
                        ("variant", variant),
                        ("verdict", name)
                    );
                }
            }
        }
    }

    public static IEnumerable<Measurement<double>> FalsePositives(SweepReading sweep) =>
        ByNode(sweep, n => Share(n.FalsePositives));

    public static IEnumerable<Measurement<double>> Power(SweepReading sweep) => ByNode(sweep, n => Share(n.Power));

    public static IEnumerable<Measurement<double>> Noise(SweepReading sweep) => ByNode(sweep, n => n.Noise);

    public static IEnumerable<Measurement<double>> Drift(SweepReading sweep) => ByNode(sweep, n => n.Drift?.Furthest);

    /// <summary>Preemption from 0 on, so that nothing set aside is told from nothing known; the others where there is any.</summary>
    public static IEnumerable<Measurement<double>> Excluded(SweepReading sweep) =>
        ByNode(sweep, n => Share(n.SetAside.Preempted, n), ("reason", "preempted"))
            .Concat(ByNode(sweep, n => Some(n.SetAside.Pressure, n), ("reason", "cpu_pressure")))
            .Concat(ByNode(sweep, n => Some(n.SetAside.Gpu, n), ("reason", "gpu_slowed")));

    public static IEnumerable<Measurement<double>> Roofline(SweepReading sweep) =>
        ByVariant(sweep, sweep.Findings?.Roofline);

    public static IEnumerable<Measurement<double>> RelativeTime(SweepReading sweep) =>
        ByVariant(sweep, sweep.Findings?.RelativeTime);

    private static IEnumerable<Measurement<double>> One(SweepReading sweep, double? value)
    {
        if (value is { } known)
        {
            yield return LayerbenchMeter.Of(known, ("sweep", sweep.Sweep));
        }
    }

    private static IEnumerable<Measurement<double>> ByNode(
        SweepReading sweep,
        Func<NodeTrust, double?> value,
        params (string, string)[] labels
    )
    {
        foreach (var (node, trust) in sweep.Findings?.Nodes ?? new Dictionary<string, NodeTrust>())
        {
            if (value(trust) is { } known)
            {
                yield return LayerbenchMeter.Of(known, [("sweep", sweep.Sweep), ("node", node), .. labels]);
            }
        }
    }

    private static IEnumerable<Measurement<double>> ByVariant(
        SweepReading sweep,
        IReadOnlyDictionary<string, double>? values
    ) =>
        (values ?? new Dictionary<string, double>()).Select(v =>
            LayerbenchMeter.Of(v.Value, ("sweep", sweep.Sweep), ("variant", v.Key))
        );

    private static double? Some(long blocks, NodeTrust of) => blocks > 0 ? Share(blocks, of) : null;

    private static double? Share(long blocks, NodeTrust of) => of.Blocks > 0 ? (double)blocks / of.Blocks : null;

    private static double? Share(Proportion share) => share.Total > 0 ? (double)share.Count / share.Total : null;
}
