namespace Layerbench.Core.Scheduling;

/// <summary>What is told of a slice, checked against it.</summary>
internal static class ToldCells
{
    /// <summary>What was told, by the cell's index.</summary>
    /// <exception cref="ArgumentException">A cell is named that is not in the slice, or one is named twice.</exception>
    public static Dictionary<long, CellTold> ByIndex(IReadOnlyList<PendingCell> cells, IReadOnlyList<CellTold> told)
    {
        var leased = cells.Select(c => c.Index).ToHashSet();
        var byIndex = new Dictionary<long, CellTold>();
        foreach (var one in told)
        {
            if (!leased.Contains(one.Index))
            {
                throw new ArgumentException($"Cell {one.Index} is not in the slice that is told of.", nameof(told));
            }

            if (!byIndex.TryAdd(one.Index, one))
            {
                throw new ArgumentException($"Cell {one.Index} is told of twice with one token.", nameof(told));
            }
        }

        return byIndex;
    }
}
