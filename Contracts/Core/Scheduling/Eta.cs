namespace Layerbench.Core.Scheduling;

/// <summary>A slice on its device now.</summary>
/// <param name="Elapsed">Since it was leased.</param>
/// <param name="LaunchesDone">Cells' launches that are stored, of both kinds.</param>
/// <param name="LaunchesLeft">Those that its cells still need, as far as is known: until they are looked at next.</param>
public readonly record struct SliceInFlight(TimeSpan Elapsed, long LaunchesDone, long LaunchesLeft)
{
    /// <summary>Seconds it takes from now on, at its own pace; null before its first launch is stored.</summary>
    internal double? SecondsLeft => LaunchesDone == 0 ? null : Elapsed.TotalSeconds * LaunchesLeft / LaunchesDone;
}

/// <summary>When a sweep is expected to end.</summary>
public static class Eta
{
    /// <summary>
    /// Work left ÷ devices: slices in flight by their own pace, and what nobody has yet by the pace (seconds of device
    /// time per expected second) of the slices that have ended and of those that are far enough to tell; a slice that cannot
    /// tell yet has got as far as its time says, and no further than its end.
    /// </summary>
    /// <param name="spent">Device time that the finished slices of this run took, added over devices, waiting excluded.</param>
    /// <param name="slices">In flight.</param>
    /// <param name="devices">Devices that take part, at least 1.</param>
    /// <returns>
    /// Null while nothing is known of it: before a launch is stored, and where all that is left are slices whose last
    /// known launch is stored and that have not said yet whether they need more, or that take longer than was expected.
    /// </returns>
    public static TimeSpan? Remaining(
        SweepWork work,
        TimeSpan spent,
        IReadOnlyCollection<SliceInFlight> slices,
        int devices
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        if (work.Remaining <= 0 && slices.Count == 0)
        {
            return TimeSpan.Zero;
        }

        var telling = slices.Where(s => s.LaunchesDone > 0).ToList();
        var here = telling.Sum(s => s.SecondsLeft!.Value);
        // In flight is told together; slices are taken as equal in it.
        var toldWork = slices.Count == 0 ? 0 : work.InFlight * telling.Count / slices.Count;
        var known = work.Finished + toldWork;
        var unknown = Math.Max(0, work.Remaining - toldWork);
        if (unknown > 0 && known <= 0)
        {
            return null;
        }

        var pace = known > 0 ? (spent.TotalSeconds + telling.Sum(s => s.Elapsed.TotalSeconds) + here) / known : 0;
        var each = slices.Count == 0 ? 0 : work.InFlight * pace / slices.Count;
        var gone = slices.Where(s => s.LaunchesDone == 0).Sum(s => Math.Min(s.Elapsed.TotalSeconds, each));
        var seconds = (here + (unknown * pace) - gone) / devices;
        return seconds <= 0 ? null
            : seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.MaxValue;
    }
}
