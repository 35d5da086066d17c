using System.Globalization;
using Layerbench.Core.Results;

namespace Layerbench.Core.Scheduling;

/// <summary>Cells whose workers died: how often, and which of them wait for another try, each alone.</summary>
internal sealed class CrashedCells(int maximumCrashes)
{
    private readonly Dictionary<long, int> crashes = [];
    private readonly List<PendingCell> waiting = [];

    /// <summary>Those that wait.</summary>
    public int Count => waiting.Count;

    public IEnumerable<long> Indices => waiting.Select(c => c.Index);

    public double Seconds => waiting.Sum(c => c.Seconds);

    public bool Has(long index) => crashes.ContainsKey(index);

    /// <summary>How often the cell's worker has died.</summary>
    public int Of(long index) => crashes.GetValueOrDefault(index);

    /// <summary>One more death; the outcome where there were enough of them, and else null: the cell waits.</summary>
    public Outcome.Poisoned? Add(in PendingCell cell, CellTold.Crashed crashed)
    {
        var count = Of(cell.Index) + 1;
        if (count < maximumCrashes)
        {
            crashes[cell.Index] = count;
            waiting.Add(cell);
            return null;
        }

        var times = count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");
        return new Outcome.Poisoned(
            $"its worker died {times} on it and it was set aside; last {crashed.Cause}: {crashed.Message}"
        );
    }

    /// <summary>A cell that is known here comes back.</summary>
    public void Return(in PendingCell cell) => waiting.Add(cell);

    public void Forget(long index) => crashes.Remove(index);

    /// <summary>The first that fits the device, or none.</summary>
    public PendingCell? Take(DeviceInfo device)
    {
        var at = waiting.FindIndex(c => c.Fits(device));
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
}
