using System.Globalization;
using Layerbench.Core.Results;

namespace Layerbench.Core.Scheduling;

/// <summary>Deaths of workers on one cell.</summary>
/// <param name="Deaths">At least 1.</param>
/// <param name="Devices">On which they died.</param>
public sealed record CrashHistory(int Deaths, IReadOnlySet<DeviceId> Devices)
{
    /// <summary>By cell, of what a store knows.</summary>
    /// <param name="deaths">Incidents of cells that are deaths of workers, in any order.</param>
    /// <param name="progress">Of these cells: deaths that were forgiven when a cell was reopened count no more.</param>
    public static IReadOnlyDictionary<CellId, CrashHistory> Of(
        IEnumerable<Incident> deaths,
        IReadOnlyDictionary<CellId, CellProgress> progress
    ) =>
        deaths
            .GroupBy(i => i.Cell!.Value)
            .Select(c => (Cell: c.Key, Last: c.OrderByDescending(i => i.At).Take(Counted(c.Key, progress)).ToList()))
            .Where(c => c.Last.Count > 0)
            .ToDictionary(c => c.Cell, c => new CrashHistory(c.Last.Count, c.Last.Select(i => i.Device).ToHashSet()));

    private static int Counted(CellId cell, IReadOnlyDictionary<CellId, CellProgress> progress) =>
        progress.TryGetValue(cell, out var known) ? known.Crashes : 0;
}

/// <summary>Cells whose workers died: how often, where, and which of them wait for another try, each alone.</summary>
internal sealed class CrashedCells(SchedulingOptions options)
{
    private readonly Dictionary<long, CrashHistory> crashes = [];
    private readonly List<PendingCell> waiting = [];

    /// <summary>Those that wait.</summary>
    public int Count => waiting.Count;

    public IEnumerable<long> Indices => waiting.Select(c => c.Index);

    public double Seconds => waiting.Sum(c => c.Seconds);

    public bool Has(long index) => crashes.ContainsKey(index);

    /// <summary>How often the cell's worker has died.</summary>
    public int Of(long index) => crashes.GetValueOrDefault(index)?.Deaths ?? 0;

    /// <summary>True: the store knows of deaths on the cell, and it waits here for another try.</summary>
    public bool Restore(CellId cell, in PendingCell pending)
    {
        if (!options.Crashed.TryGetValue(cell, out var history))
        {
            return false;
        }

        crashes[pending.Index] = history;
        waiting.Add(pending);
        return true;
    }

    /// <summary>One more death; the outcome where there were enough of them, and else null: the cell waits.</summary>
    public Outcome.Poisoned? Add(in PendingCell cell, CellTold.Crashed crashed, DeviceId device, in FleetSize fleet)
    {
        var before = crashes.GetValueOrDefault(cell.Index);
        var history = new CrashHistory(
            (before?.Deaths ?? 0) + 1,
            before is null ? new HashSet<DeviceId> { device } : new HashSet<DeviceId>(before.Devices) { device }
        );
        if (history.Deaths < options.MaximumCrashes || history.Devices.Count < Needed(cell, fleet))
        {
            crashes[cell.Index] = history;
            waiting.Add(cell);
            return null;
        }

        var times = history.Deaths == 1 ? "once" : Invariant($"{history.Deaths} times");
        var places = options.PoisonDevices == 1 ? "" : Invariant($" on {Places(history.Devices.Count)}");
        return new Outcome.Poisoned(
            $"its worker died {times} on it{places} and it was set aside; last {crashed.Cause}: {crashed.Message}"
        );
    }

    /// <summary>A cell that is known here comes back.</summary>
    public void Return(in PendingCell cell) => waiting.Add(cell);

    public void Forget(long index) => crashes.Remove(index);

    /// <summary>The first that fits the device and is not to be tried on another one next, or none.</summary>
    public PendingCell? Take(DeviceInfo device, FleetSize fleet)
    {
        var at = waiting.FindIndex(c => c.Fits(device) && !IsForAnother(c, device.Id, fleet));
        if (at < 0)
        {
            return null;
        }

        var cell = waiting[at];
        waiting.RemoveAt(at);
        return cell;
    }

    /// <param name="byClass">What expected times are to be multiplied by.</param>
    public void Correct(IReadOnlyList<double> byClass)
    {
        for (var i = 0; i < waiting.Count; i++)
        {
            waiting[i] = waiting[i].Corrected(byClass);
        }
    }

    /// <summary>Whether another death on this device would leave too few tries for the devices that are still to see the cell.</summary>
    private bool IsForAnother(in PendingCell cell, DeviceId device, in FleetSize fleet) =>
        crashes.TryGetValue(cell.Index, out var history)
        && history.Devices.Contains(device)
        && options.MaximumCrashes - history.Deaths <= Needed(cell, fleet) - history.Devices.Count;

    /// <summary>On how many devices its workers are to have died before it is to blame.</summary>
    private int Needed(in PendingCell cell, in FleetSize fleet) =>
        Math.Min(options.PoisonDevices, cell.PeakBytes > fleet.SecondMemoryBytes ? 1 : Math.Max(1, fleet.Devices));

    private static string Places(int devices) => devices == 1 ? "the one device" : Invariant($"{devices} devices");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
