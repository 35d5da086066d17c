using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Cli.Planning;

/// <summary>A cell as the plan expects it.</summary>
/// <param name="LaunchSeconds">What one launch is expected to spend on it.</param>
/// <param name="Skipped">Why it will not be run, or null.</param>
/// <param name="Matches">What was chosen so that its variants meet on equal terms.</param>
internal sealed record PlannedCell(
    Cell Cell,
    CellCost Cost,
    double LaunchSeconds,
    string? Skipped,
    IReadOnlyList<Matched> Matches
);

/// <summary>Least and greatest of something.</summary>
internal readonly record struct Span(double Low, double High)
{
    public static Span None { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    public Span With(double value) => new(Math.Min(Low, value), Math.Max(High, value));
}

/// <summary>What a sweep will do, before anything runs. From FLOPs and bytes alone, so times are orders of magnitude.</summary>
/// <param name="Points">Points of the design, before conditions.</param>
/// <param name="LookedAt">Points looked at; below <paramref name="Points"/>, counts are scaled up from a sample.</param>
/// <param name="Cells">Points that conditions keep.</param>
/// <param name="Controls">Of these, controls.</param>
/// <param name="Skipped">Cells that will be skipped.</param>
/// <param name="Processes">Worker processes.</param>
/// <param name="Expected">Wall time over all devices.</param>
/// <param name="Matches">How near each matched variant came to the baseline.</param>
internal sealed record PlanSummary(
    long Points,
    long LookedAt,
    long Cells,
    long Controls,
    long Skipped,
    long CellLaunches,
    long Processes,
    TimeSpan Expected,
    double TotalFlops,
    Span Flops,
    Span Bytes,
    Span PeakBytes,
    IReadOnlyList<PlannedCell> First,
    IReadOnlyList<PlannedCell> FirstSkipped,
    IReadOnlyList<MatchSummary> Matches
)
{
    /// <summary>Of the cells that will be run, those whose variants are trained.</summary>
    public long TrainedCells { get; init; }

    /// <summary>Trainings: one for each variant of such a cell.</summary>
    public long Trainings { get; init; }

    /// <summary>Of all trainings, to their last step.</summary>
    public double TrainingFlops { get; init; }

    /// <summary>Looking at more than this many points would make a plan slow; a sample is drawn evenly over the design.</summary>
    public const long MostLookedAt = 100_000;

    /// <summary>From starting a worker to its first sample: 0.6–1.4 s with TorchSharp, 1.8–3.7 s with Python.</summary>
    private const double ProcessStartSeconds = 2;

    private const int MostSkippedShown = 5;

    public bool IsSampled => LookedAt < Points;

    public static PlanSummary Of(
        SweepSpec spec,
        ICellSource source,
        IReadOnlyList<DeviceInfo> devices,
        int shown,
        CancellationToken cancellation = default
    )
    {
        var look = Math.Min(source.Size, MostLookedAt);
        var tally = new Tally(spec, devices, shown);
        for (long i = 0; i < look; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            // The ith of evenly spread points; every point where all are looked at.
            var index = (long)((Int128)i * source.Size / look);
            if (source.At(index) is { } cell)
            {
                var matches = (source as SweepPlan)?.Matches(cell) ?? [];
                tally.See(cell, source.Cost(cell), source.Refusal(cell), matches);
            }
        }

        return tally.Sum(source.Size, look);
    }

    private sealed class Tally(SweepSpec spec, IReadOnlyList<DeviceInfo> devices, int shown)
    {
        private readonly CostModel costs = new();
        private readonly List<PlannedCell> first = [];
        private readonly List<PlannedCell> firstSkipped = [];
        private readonly MatchTally matched = new();
        private readonly Dictionary<(string Backend, int Threads), long> groups = [];
        private readonly Dictionary<(string Backend, int Threads), long> trainedGroups = [];
        private readonly long largest = devices.Max(d => d.MemoryBytes);
        private Span flops = Span.None;
        private Span bytes = Span.None;
        private Span peaks = Span.None;
        private double seconds;
        private double totalFlops;
        private long cells;
        private long controls;
        private long skipped;
        private long trained;
        private long trainings;
        private double trainedFlops;

        public void See(Cell cell, CellCost cost, string? refusal, IReadOnlyList<Matched> matches)
        {
            cells++;
            foreach (var match in matches)
            {
                if (match.Value is { } value)
                {
                    matched.See(match.Label, match.Axis, value, match.Ratio);
                }
            }

            controls += cell.Control == ControlKind.None ? 0 : 1;
            refusal ??=
                cost.PeakBytes > largest
                    ? $"needs about {Units.Bytes(cost.PeakBytes)}, the largest device has {Units.Bytes(largest)}"
                    : null;
            var shape = LaunchShape.Of(spec.Measure, cell);
            var launchSeconds = costs.Predict(CostKey.Of(devices[0], cell), cost, shape);
            var planned = new PlannedCell(cell, cost, launchSeconds, refusal, matches);
            Keep(first, planned, shown);
            if (refusal is not null)
            {
                skipped++;
                Keep(firstSkipped, planned, MostSkippedShown);
                return;
            }

            if (cell.IsQuality)
            {
                Train(cell, cost, launchSeconds);
                return;
            }

            var group = (cell.Backend, cell.Threads);
            groups[group] = groups.GetValueOrDefault(group) + 1;
            (flops, bytes, peaks) = (flops.With(cost.Flops), bytes.With(cost.Bytes), peaks.With(cost.PeakBytes));
            // A memory launch runs each variant twice: a block that is not counted and one that is.
            var block = DeviceRates.For(devices[0].Kind).BlockSeconds(cost);
            seconds += (spec.Measure.LeastLaunches * launchSeconds) + (spec.Measure.MemoryLaunches * 2 * block);
            totalFlops += cost.Flops * spec.Measure.LeastLaunches * spec.Measure.Blocks;
        }

        private void Train(Cell cell, CellCost cost, double launchSeconds)
        {
            trained++;
            trainings += cell.Variants.Count;
            var group = (cell.Backend, cell.Threads);
            trainedGroups[group] = trainedGroups.GetValueOrDefault(group) + 1;
            peaks = peaks.With(cost.PeakBytes);
            seconds += launchSeconds;
            trainedFlops += cost.Flops;
        }

        public PlanSummary Sum(long points, long lookedAt)
        {
            var scale = lookedAt == 0 ? 0 : (double)points / lookedAt;
            var launches = spec.Measure.LeastLaunches + spec.Measure.MemoryLaunches;
            var processes = (Slices(groups) * launches) + Slices(trainedGroups);
            var wall = ((seconds * scale) + (processes * ProcessStartSeconds)) / devices.Count;
            return new PlanSummary(
                points,
                lookedAt,
                Scaled(cells),
                Scaled(controls),
                Scaled(skipped),
                Scaled(((cells - skipped - trained) * launches) + trained),
                (long)processes,
                wall < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(wall) : TimeSpan.MaxValue,
                totalFlops * scale,
                flops,
                bytes,
                peaks,
                first,
                firstSkipped,
                matched.Sum()
            )
            {
                TrainedCells = Scaled(trained),
                Trainings = Scaled(trainings),
                TrainingFlops = trainedFlops * scale,
            };

            double Slices(Dictionary<(string Backend, int Threads), long> of) =>
                of.Values.Sum(n => Math.Ceiling(n * scale / new SchedulingOptions().MaximumSliceCells));

            long Scaled(long count) => (long)Math.Round(count * scale);
        }

        private static void Keep(List<PlannedCell> list, PlannedCell cell, int most)
        {
            if (list.Count < most)
            {
                list.Add(cell);
            }
        }
    }
}
