namespace Layerbench.Core.Scheduling;

/// <summary>A cell that waits or is in flight, by its index; the cell itself is made again when it is leased.</summary>
/// <param name="Seconds">Expected time of one launch; only its size against others matters here.</param>
/// <param name="PeakBytes">Expected peak memory.</param>
/// <param name="Lane">Cells of one lane can share a launch.</param>
internal readonly record struct PendingCell(long Index, double Seconds, double PeakBytes, Lane Lane)
{
    /// <summary>Longest first, ties by index.</summary>
    public static readonly Comparer<PendingCell> LongestFirst = Comparer<PendingCell>.Create(
        (a, b) =>
        {
            var bySeconds = b.Seconds.CompareTo(a.Seconds);
            return bySeconds != 0 ? bySeconds : a.Index.CompareTo(b.Index);
        }
    );

    public bool Fits(DeviceInfo device) => !(PeakBytes > device.MemoryBytes);
}

/// <summary>What cells must have in common to share a worker process.</summary>
internal readonly record struct Lane(string Backend, int Threads);

/// <summary>How much a slice may take.</summary>
/// <param name="Cells">Most cells, at least 1.</param>
/// <param name="Seconds">Most expected seconds; the first cell is taken whatever it needs.</param>
internal readonly record struct SliceBudget(int Cells, double Seconds)
{
    /// <summary>Whether one more cell goes in.</summary>
    public bool Allows(List<PendingCell> taken, double takenSeconds, in PendingCell next) =>
        taken.Count == 0
        // Relative slack for sums of equal times that are not equal in the last bit.
        || (taken.Count < Cells && takenSeconds + next.Seconds <= Seconds * (1 + 1e-9));
}
