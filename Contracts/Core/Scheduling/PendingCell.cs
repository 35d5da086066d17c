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

/// <summary>How much a slice may take.</summary>
/// <param name="Cells">Most cells, at least 1.</param>
/// <param name="Seconds">Most expected seconds; the first cell is taken whatever it needs.</param>
internal readonly record struct SliceBudget(int Cells, double Seconds)
{
    /// <summary>With several devices, slices are a quarter of an even share of what is left, so that the last ones are single cells.</summary>
    private const int SlicesPerDevice = 4;

    /// <remarks>
    /// One device has nobody to share the end with: its cells share as few launches as they may, because each launch of
    /// a slice starts a process.
    /// </remarks>
    /// <param name="devices">That take part.</param>
    /// <param name="pace">Seconds of the device ÷ expected seconds.</param>
    /// <param name="left">Cells not finished and not in flight.</param>
    /// <param name="secondsLeft">Their expected seconds, one launch each.</param>
    public static SliceBudget Of(SchedulingOptions options, int devices, double pace, long left, double secondsLeft)
    {
        var parts = devices == 1 ? 1 : SlicesPerDevice * (double)devices;
        var cells = (int)Math.Clamp(left / parts, 1, options.MaximumSliceCells);
        var share = devices == 1 ? double.PositiveInfinity : secondsLeft / parts;
        return new SliceBudget(cells, Math.Min(share, options.MaximumLaunch.TotalSeconds / pace));
    }

    /// <summary>Whether one more cell goes in.</summary>
    public bool Allows(List<PendingCell> taken, double takenSeconds, in PendingCell next) =>
        taken.Count == 0
        // Relative slack for sums of equal times that are not equal in the last bit.
        || (taken.Count < Cells && takenSeconds + next.Seconds <= Seconds * (1 + 1e-9));
}
