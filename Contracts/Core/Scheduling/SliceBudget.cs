namespace Layerbench.Core.Scheduling;

/// <summary>How much a slice may take.</summary>
/// <param name="Cells">Most cells, at least 1.</param>
/// <param name="Seconds">Most expected seconds; the first cell is taken whatever it needs.</param>
internal readonly record struct SliceBudget(int Cells, double Seconds)
{
    /// <summary>With several devices, slices are a quarter of an even share of what is left, so that the last ones are single cells.</summary>
    private const int SlicesPerDevice = 4;

    /// <summary>Half of an even share, which is what factoring takes (Hummel, Schonberg, Flynn 1992, doi:10.1145/135226.135232).</summary>
    private const int FactoringSlices = 2;

    /// <summary>A slice that is so much longer than its worker takes to start spends a fifth of its time on that.</summary>
    private const int StartsWorth = 4;

    /// <remarks>
    /// Where nobody else can come, one device has nobody to share the end with: its cells share as few launches as they may,
    /// because each launch of a slice starts a process.
    /// </remarks>
    /// <param name="pace">Seconds of the device ÷ expected seconds.</param>
    /// <param name="left">Cells not finished and not in flight.</param>
    /// <param name="secondsLeft">Their expected seconds, one launch each.</param>
    public static SliceBudget Of(
        SchedulingOptions options,
        SharingDevices devices,
        double pace,
        long left,
        double secondsLeft
    )
    {
        var parts = devices.Expected == 1 ? 1 : Parts(devices, options.WorkerStart.TotalSeconds / pace, secondsLeft);
        var cells = (int)Math.Clamp(left / parts, 1, options.MaximumSliceCells);
        var share = devices.Expected == 1 ? double.PositiveInfinity : secondsLeft / parts;
        return new SliceBudget(cells, Math.Min(share, options.MaximumLaunch.TotalSeconds / pace));
    }

    /// <summary>Whether one more cell goes in.</summary>
    public bool Allows(List<PendingCell> taken, double takenSeconds, in PendingCell next) =>
        taken.Count == 0
        // Relative slack for sums of equal times that are not equal in the last bit.
        || (taken.Count < Cells && takenSeconds + next.Seconds <= Seconds * (1 + 1e-9));

    /// <summary>
    /// Into how many such slices what is left is cut: 4 for each device that is expected; fewer where those would not be worth
    /// their worker's start, but then still 2 for each device that is there, or, of next to nothing, 1.
    /// </summary>
    /// <param name="start">Of a worker, in expected seconds.</param>
    private static double Parts(SharingDevices devices, double start, double secondsLeft)
    {
        var parts = SlicesPerDevice * (double)devices.Expected;
        if (start <= 0)
        {
            return parts;
        }

        var worthIt = Math.Max(FactoringSlices * devices.Now, secondsLeft / (StartsWorth * start));
        var least = Math.Max(devices.Now, secondsLeft / start);
        return Math.Min(parts, Math.Min(worthIt, least));
    }
}

/// <summary>Devices that share what is left.</summary>
/// <param name="Now">Those that are there, at least 1.</param>
/// <param name="Expected">With those that may come, at least as many.</param>
internal readonly record struct SharingDevices(int Now, int Expected);
