using System.Numerics;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// Which positions were finished before this run, one bit each, by window; a window's bits are dropped when it is
/// opened. What finishes during the run needs no memory here, because an opened window is never looked at again.
/// </summary>
internal sealed class FinishedPositions
{
    private readonly ExecutionOrder order;
    private readonly Dictionary<long, ulong[]> windows = [];

    /// <exception cref="ArgumentOutOfRangeException">An index is not one of the plan's.</exception>
    public FinishedPositions(ExecutionOrder order, IEnumerable<long> indices)
    {
        this.order = order;
        foreach (var index in indices)
        {
            if (index < 0 || index >= order.Size)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices),
                    index,
                    $"The store has a finished cell with index {index}, the plan has indices 0 to {order.Size - 1}; "
                        + "the store belongs to another sweep."
                );
            }

            Add(index);
        }
    }

    /// <summary>False: it was there already. Not of a window that was taken.</summary>
    public bool Add(long index) => AddPosition(order.PositionOf(index));

    /// <summary>Different indices given.</summary>
    public long Count { get; private set; }

    /// <summary>The window's finished slots, or null where it has none; they are forgotten here.</summary>
    public ulong[]? Take(long window)
    {
        windows.Remove(window, out var bits);
        return bits;
    }

    public static bool Has(ulong[]? bits, int slot) =>
        bits is not null && (bits[slot >> 6] & (1UL << (slot & 63))) != 0;

    public static int CountOf(ulong[]? bits) => bits?.Sum(BitOperations.PopCount) ?? 0;

    private bool AddPosition(long position)
    {
        var (window, slot) = Math.DivRem(position, order.WindowSize);
        if (!windows.TryGetValue(window, out var bits))
        {
            windows[window] = bits = new ulong[(order.WindowSize + 63) >> 6];
        }

        var bit = 1UL << (int)(slot & 63);
        var isNew = (bits[slot >> 6] & bit) == 0;
        Count += isNew ? 1 : 0;
        bits[slot >> 6] |= bit;
        return isNew;
    }
}
