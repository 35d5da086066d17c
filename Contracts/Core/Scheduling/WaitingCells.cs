namespace Layerbench.Core.Scheduling;

/// <summary>
/// Cells of opened windows that are not in flight: handed back, taken back from a dead lease, or set aside for a device
/// with more memory.
/// </summary>
internal sealed class WaitingCells(Comparer<PendingCell> order)
{
    private readonly SortedSet<PendingCell> cells = new(order);

    public IEnumerable<long> Indices => cells.Select(c => c.Index);

    public int Count => cells.Count;

    public double Seconds { get; private set; }

    public void Add(in PendingCell cell)
    {
        if (!cells.Add(cell))
        {
            throw new InvalidOperationException($"Cell {cell.Index} waits already; it was given out twice.");
        }

        Seconds += cell.Seconds;
    }

    /// <param name="byClass">What expected times are to be multiplied by.</param>
    public void Correct(IReadOnlyList<double> byClass)
    {
        List<PendingCell> corrected = [.. cells.Select(c => c.Corrected(byClass))];
        cells.Clear();
        Seconds = 0;
        corrected.ForEach(c => Add(c));
    }

    /// <summary>Cells of one lane that fit the device, or none.</summary>
    public List<PendingCell> Take(DeviceInfo device, SliceBudget budget)
    {
        var taken = new List<PendingCell>();
        var seconds = 0.0;
        foreach (var cell in cells)
        {
            if (taken.Count == budget.Cells)
            {
                break;
            }

            var shares = taken.Count == 0 || taken[0].Lane == cell.Lane;
            if (shares && cell.Fits(device) && budget.Allows(taken, seconds, cell))
            {
                taken.Add(cell);
                seconds += cell.Seconds;
            }
        }

        foreach (var cell in taken)
        {
            cells.Remove(cell);
        }

        Seconds = cells.Count == 0 ? 0 : Math.Max(0, Seconds - seconds);
        return taken;
    }
}
