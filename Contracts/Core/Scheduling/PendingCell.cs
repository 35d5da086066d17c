namespace Layerbench.Core.Scheduling;

/// <summary>A cell that waits or is in flight, by its index; the cell itself is made again when it is leased.</summary>
/// <param name="Seconds">Expected time of one launch; only its size against others matters here.</param>
/// <param name="PeakBytes">Expected peak memory.</param>
/// <param name="Lane">Cells of one lane can share a launch.</param>
/// <param name="Class">Of <see cref="LearntCosts"/>.</param>
/// <param name="Distance">From a decided verdict; NaN before the cell's first look.</param>
internal readonly record struct PendingCell(
    long Index,
    double Seconds,
    double PeakBytes,
    Lane Lane,
    int Class = 0,
    double Distance = double.NaN
)
{
    public bool LookedAt => !double.IsNaN(Distance);

    /// <param name="byClass">What expected times are to be multiplied by.</param>
    public PendingCell Corrected(IReadOnlyList<double> byClass) => this with { Seconds = Seconds * byClass[Class] };

    /// <summary>Longest first, ties by index.</summary>
    public static readonly Comparer<PendingCell> LongestFirst = Comparer<PendingCell>.Create(
        (a, b) =>
        {
            var bySeconds = b.Seconds.CompareTo(a.Seconds);
            return bySeconds != 0 ? bySeconds : a.Index.CompareTo(b.Index);
        }
    );

    /// <summary>Nearest to a decided verdict first, then longest first.</summary>
    public static readonly Comparer<PendingCell> NearestFirst = Comparer<PendingCell>.Create(
        (a, b) =>
        {
            var byDistance = a.Distance.CompareTo(b.Distance);
            return byDistance != 0 ? byDistance : LongestFirst.Compare(a, b);
        }
    );

    public bool Fits(DeviceInfo device) => !(PeakBytes > device.MemoryBytes);
}

/// <summary>What cells must have in common to share a worker process.</summary>
internal readonly record struct Lane(string Backend, int Threads);
