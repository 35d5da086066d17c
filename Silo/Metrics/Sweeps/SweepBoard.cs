using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Layerbench.Core;

namespace Layerbench.Metrics.Sweeps;

/// <summary>
/// The sweeps that this process coordinates, as metrics. A sweep that ended is shown for <see cref="Keep"/>, one that is
/// coordinated elsewhere no more; so over all processes there is one of each.
/// </summary>
public sealed class SweepBoard : IDisposable
{
    private readonly Meter meter = LayerbenchMeter.New();
    private readonly ConcurrentDictionary<SweepId, SweepMeter> sweeps = [];
    private readonly TimeProvider time;

    public SweepBoard(TimeProvider time)
    {
        this.time = time;
        Gauge("layerbench.cells", unit: null, "Cells of the plan, by what they are now.", SweepSeries.Cells);
        Counter("layerbench.cells.finished", "Cells that ended, by outcome.", SweepSeries.Finished);
        Counter("layerbench.attempts", "Slices begun, by why.", SweepSeries.Attempts);
        Gauge("layerbench.sweep.progress_ratio", "1", "Share of the plan that is decided.", SweepSeries.Progress);
        Gauge("layerbench.sweep.eta", "s", "Expected time to the end.", SweepSeries.Eta);
        Gauge(
            "layerbench.sweep.makespan.lower_bound",
            "s",
            "Least time that all of the sweep could take on its devices.",
            SweepSeries.LowerBound
        );
        Gauge(
            "layerbench.sweep.failure_budget.used_ratio",
            "1",
            "Share of its own failure budget that a sweep has used up since it was started.",
            SweepSeries.FailureBudget
        );
        Gauge(
            "layerbench.verdicts",
            unit: null,
            "Comparisons, by what may be said of them so far.",
            SweepSeries.Verdicts
        );
        Gauge(
            "layerbench.control.false_positive_ratio",
            "1",
            "Controls of identical code that were judged different.",
            SweepSeries.FalsePositives
        );
        Gauge(
            "layerbench.control.power_ratio",
            "1",
            "Controls with extra work that were judged slower.",
            SweepSeries.Power
        );
        Gauge(
            "layerbench.noise_ratio",
            "1",
            "Spread of a cell's time from launch to launch; median.",
            SweepSeries.Noise
        );
        Gauge(
            "layerbench.canary.drift_ratio",
            "1",
            "Rate of a canary over that of the one before it, where it was furthest from 1.",
            SweepSeries.Drift
        );
        Gauge(
            "layerbench.excluded_ratio",
            "1",
            "Share of the blocks that was set aside on outside evidence, by reason.",
            SweepSeries.Excluded
        );
        Gauge(
            "layerbench.roofline_ratio",
            "1",
            "Speed over what the device can do; median over cells.",
            SweepSeries.Roofline
        );
        Gauge(
            "layerbench.relative_time_ratio",
            "1",
            "Time over the baseline's; median over cells.",
            SweepSeries.RelativeTime
        );
    }

    /// <summary>How long a sweep that has ended is shown.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Those that are shown.</summary>
    public IReadOnlyList<SweepMeter> Sweeps
    {
        get
        {
            var now = time.GetUtcNow();
            foreach (var (id, sweep) in sweeps)
            {
                if (sweep.EndedAt is { } ended && now - ended >= Keep)
                {
                    sweeps.TryRemove(KeyValuePair.Create(id, sweep));
                }
            }

            return [.. sweeps.Values];
        }
    }

    /// <summary>This process coordinates the sweep from now on.</summary>
    public SweepMeter Open(SweepId sweep) => sweeps[sweep] = new SweepMeter(sweep, meter => sweeps[sweep] = meter);

    /// <summary>It does so no more.</summary>
    public void Close(SweepMeter sweep) => sweeps.TryRemove(KeyValuePair.Create(sweep.Sweep, sweep));

    public void Dispose() => meter.Dispose();

    private void Gauge(
        string name,
        string? unit,
        string description,
        Func<SweepReading, IEnumerable<Measurement<double>>> read
    ) => meter.CreateObservableGauge(name, () => Sweeps.SelectMany(s => read(s.Read())), unit, description);

    private void Counter(string name, string description, Func<SweepReading, IEnumerable<Measurement<long>>> read) =>
        meter.CreateObservableCounter(name, () => Sweeps.SelectMany(s => read(s.Read())), unit: null, description);
}
