using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Engine.Launches;

/// <summary>A cell on its way through its launches.</summary>
internal sealed class CellInSlice(Cell cell, CellProgress progress)
{
    private readonly Dictionary<LaunchKind, int> done = new()
    {
        [LaunchKind.Time] = progress.TimeLaunches,
        [LaunchKind.Memory] = progress.MemoryLaunches,
        [LaunchKind.Quality] = progress.QualityLaunches,
    };

    public Cell Cell { get; } = cell;

    /// <summary>Of its launches so far; null before the first.</summary>
    public FingerprintId? Fingerprint { get; private set; } = progress.Fingerprint;

    public int Crashes { get; } = progress.Crashes;

    /// <summary>Launches of earlier runs are in the store only.</summary>
    public bool HasEarlierLaunches { get; private set; } =
        progress.TimeLaunches + progress.MemoryLaunches + progress.QualityLaunches > 0;

    /// <summary>This run's launches that count.</summary>
    public List<LaunchRecord> Records { get; } = [];

    /// <summary>Time its launches have taken, earlier runs included where a budget asks for it.</summary>
    public TimeSpan Spent { get; set; }

    /// <summary>Mean of this run's launches that timed or trained it, all of the cell's phases; null before the first.</summary>
    public double? LaunchSeconds
    {
        get
        {
            var told = Records.Where(r => r.Kind != LaunchKind.Memory).Select(r => r.Phases.Total.TotalSeconds);
            return told.Any() ? told.Average() : null;
        }
    }

    public CellTold? Told { get; set; }

    /// <summary>Time launches after which the stop rule is asked next; null: it is to be asked now.</summary>
    public int? NextLook { get; set; }

    /// <summary>What the stop rule has said; the cell's memory launches may still be to come.</summary>
    public Outcome? TimeEnding { get; set; }

    /// <summary>Launches of this kind that are in the store, or on their way, which is the next one's number.</summary>
    public int Done(LaunchKind kind) => done[kind];

    /// <summary>A launch of this run counts.</summary>
    public void Add(LaunchRecord record)
    {
        done[record.Kind] = record.Number + 1;
        Fingerprint = record.Fingerprint;
        Records.Add(record);
        Spent += record.Phases.Total;
    }

    /// <summary>Its launches come from another environment and do not count any more.</summary>
    public void StartAgain()
    {
        done[LaunchKind.Time] = done[LaunchKind.Memory] = done[LaunchKind.Quality] = 0;
        Fingerprint = null;
        HasEarlierLaunches = false;
        NextLook = null;
        TimeEnding = null;
        Records.Clear();
        Spent = TimeSpan.Zero;
    }

    public static CellResult Result(Cell cell, Outcome outcome, DeviceId? device, DateTimeOffset at) =>
        new(
            cell.Index,
            cell.Id,
            PointOf(cell),
            [.. cell.Variants.Select(v => v.Label)],
            cell.Baseline,
            outcome,
            device,
            at
        );

    private static Dictionary<string, AxisValue> PointOf(Cell cell)
    {
        var point = new Dictionary<string, AxisValue>(cell.Point.Names.Count, StringComparer.Ordinal);
        for (var i = 0; i < cell.Point.Names.Count; i++)
        {
            point[cell.Point.Names[i]] = cell.Point.Values[i];
        }

        return point;
    }
}
