using System.Globalization;
using System.Runtime.CompilerServices;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>Makes flat rows of cells: one per variant, for a cell without measurements too.</summary>
public static class ResultRows
{
    /// <summary>
    /// Rows of all finished cells, by plan index, then in the order of the cell's variants. The store is read twice:
    /// what one cell's verdict is depends on all the others.
    /// </summary>
    /// <param name="conclusion">What <see cref="ConcludeAsync"/> gave under the same rule.</param>
    public static async IAsyncEnumerable<IReadOnlyList<ResultRow>> ReadAsync(
        IResultReader store,
        SweepId sweep,
        AnalysisRule rule,
        SweepConclusion conclusion,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var peaks = Canaries.Peaks(await store.CanariesAsync(sweep, cancellation));
        await foreach (var (cell, launches) in store.MeasuredAsync(sweep, cancellation))
        {
            var findings = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule);
            yield return Of(cell, findings.Estimate, launches, conclusion, peaks);
        }
    }

    /// <summary>What all finished cells say together.</summary>
    public static async Task<SweepConclusion> ConcludeAsync(
        IResultReader store,
        SweepId sweep,
        AnalysisRule rule,
        CancellationToken cancellation = default
    )
    {
        var tally = new SweepTally(rule);
        await foreach (var (cell, launches) in store.MeasuredAsync(sweep, cancellation))
        {
            tally.See(cell, launches);
        }

        return tally.Conclude(await store.CanariesAsync(sweep, cancellation));
    }

    /// <param name="estimate">Null where nothing was measured.</param>
    /// <param name="launches">The cell's launches that are kept.</param>
    /// <param name="peaks">What the devices can do, by the fingerprint of time launches; null: not known.</param>
    public static IReadOnlyList<ResultRow> Of(
        CellResult cell,
        CellEstimate? estimate,
        IReadOnlyList<LaunchRecord> launches,
        SweepConclusion conclusion,
        IReadOnlyDictionary<FingerprintId, DevicePeak>? peaks = null
    )
    {
        DevicePeak? peak =
            RoofOf(cell, launches) is { } roof && peaks?.TryGetValue(roof, out var found) == true ? found : null;
        var trainings = launches.SelectMany(l => l.Trainings).ToLookup(t => t.Variant);
        var group = trainings.Count == 0 ? null : conclusion.Quality.Of(cell);
        return
        [
            .. cell.Labels.Select(
                (label, place) =>
                    WithEpochs(
                        Between(
                            Row(cell, label, estimate, launches, conclusion.Verdicts.Of(cell, label), peak),
                            conclusion.Backends.Of(cell, label)
                        ),
                        cell,
                        place,
                        launches
                    ) with
                    {
                        Training = trainings[place].FirstOrDefault(),
                        Rate = group?.RateOf(cell, label),
                        IsBestRate = group?.Of(label)?.Best is { } best ? best == group.RateOf(cell, label) : null,
                    }
            ),
        ];
    }

    /// <summary>
    /// The fingerprint whose peak is a roof for the cell's times; null without times, and of another type than the
    /// canary computes in, which is float32.
    /// </summary>
    internal static FingerprintId? RoofOf(CellResult cell, IReadOnlyList<LaunchRecord> launches) =>
        cell.Point.TryGetValue("dtype", out var dtype) && Same(dtype.Canonical, "float32")
            ? launches.FirstOrDefault(l => l.Kind == LaunchKind.Time)?.Fingerprint
            : null;

    internal static IEnumerable<VariantFacts> FactsOf(IReadOnlyList<LaunchRecord> launches, string label) =>
        launches.SelectMany(l => l.Variants).Where(f => Same(f.Label, label));

    private static ResultRow WithEpochs(
        ResultRow row,
        CellResult cell,
        int variant,
        IReadOnlyList<LaunchRecord> launches
    ) =>
        Epochs.Are(cell) && LoopTimes.Median(row.Variant, variant, launches) is { } times
            ? row with
            {
                Timeit = times with
                {
                    MeanSeconds = Finite(times.MeanSeconds).GetValueOrDefault(),
                    DeviationSeconds = Finite(times.DeviationSeconds).GetValueOrDefault(),
                },
                EpochCurves = Epochs.Curves(variant, launches, times),
            }
            : row;

    private static ResultRow Between(ResultRow row, BackendRatio? pair)
    {
        var (low, high) = Ends(pair?.Ratio);
        return row with
        {
            BackendFrom = pair?.FromBackend,
            BackendRatio = Finite(pair?.Ratio.Value),
            BackendRatioLow = low,
            BackendRatioHigh = high,
        };
    }

    private static ResultRow Row(
        CellResult cell,
        string label,
        CellEstimate? estimate,
        IReadOnlyList<LaunchRecord> launches,
        Judgement? judgement,
        DevicePeak? peak
    )
    {
        var variant = estimate?.Variants.FirstOrDefault(v => Same(v.Label, label));
        var timed = estimate is { TimeLaunches: > 0 } ? variant : null;
        var (timeLow, timeHigh) = Ends(timed?.Seconds);
        var (ratioLow, ratioHigh) = Ends(timed?.Ratio);
        var (memoryLow, memoryHigh) = Ends(variant?.PeakBytes);
        var facts = FactsOf(launches, label).ToList();
        var flops = Finite(facts.Select(f => f.Flops).FirstOrDefault(f => f is not null));
        var bytes = Finite(facts.Select(f => f.Bytes).FirstOrDefault(b => b is not null));
        return new ResultRow
        {
            Cell = cell.Id,
            Index = cell.Index,
            Outcome = cell.Outcome,
            Quality = (estimate?.TimeLaunches ?? 0) switch
            {
                0 => ResultQuality.None,
                1 => ResultQuality.QuickLook,
                _ => ResultQuality.Measured,
            },
            Device = cell.Device,
            Point = cell.Point,
            Variant = label,
            Baseline = cell.Baseline,
            TimeMedianSeconds = Finite(timed?.Seconds.Value),
            TimeLowSeconds = timeLow,
            TimeHighSeconds = timeHigh,
            Ratio = Finite(timed?.Ratio?.Value),
            RatioLow = ratioLow,
            RatioHigh = ratioHigh,
            Verdict = judgement?.Verdict,
            AdjustedP = Finite(judgement?.Adjusted),
            Control = Controls.KindOf(cell.Labels),
            Launches = estimate?.TimeLaunches ?? 0,
            SamplesAcceptedRatio = Finite(timed?.Accepted),
            PeakMemoryBytes = Finite(variant?.PeakBytes?.Value),
            PeakMemoryMinimumBytes = memoryLow,
            PeakMemoryMaximumBytes = memoryHigh,
            MemoryLaunches = estimate?.MemoryLaunches ?? 0,
            Flops = flops,
            Bytes = bytes,
            Roofline = Roofline.Of(flops, bytes, Finite(timed?.Seconds.Value), peak),
            Parameters = facts.Count == 0 ? null : facts[0].ParameterCount,
            Matched = facts.Select(f => f.Matched).FirstOrDefault(m => m is not null) is { } match
                ? match with
                {
                    Ratio = Finite(match.Ratio).GetValueOrDefault(),
                }
                : null,
            ForwardError = Worst(facts.Select(f => f.ForwardError)),
            GradientError = Worst(facts.Select(f => f.GradientError)),
            Steady = estimate is { TimeLaunches: > 0 } ? estimate.Steady : null,
            Fingerprint = launches.Count == 0 ? null : launches[0].Fingerprint,
            FinishedAt = cell.FinishedAt,
        };
    }

    /// <summary>An interval without bounds is (0, ∞): neither end says anything, so neither is given.</summary>
    private static (double? Low, double? High) Ends(Interval? interval) =>
        interval is { } i && double.IsFinite(i.High) && double.IsFinite(i.Low)
            ? (Finite(i.Low), Finite(i.High))
            : (null, null);

    /// <summary>
    /// To 12 significant digits: what lies beyond depends on the machine's exp and log, and the same store is to give the
    /// same bytes everywhere.
    /// </summary>
    private static double? Finite(double? value) =>
        value is { } number && double.IsFinite(number)
            ? double.Parse(number.ToString("E11", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The largest; null where there is none, or one is no number: NaN must not hide behind a small error.</summary>
    private static double? Worst(IEnumerable<double?> errors)
    {
        double? worst = null;
        foreach (var error in errors)
        {
            if (error is not { } number)
            {
                continue;
            }

            if (!double.IsFinite(number))
            {
                return null;
            }

            worst = Math.Max(worst ?? number, number);
        }

        return worst;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
