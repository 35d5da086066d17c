namespace Layerbench.Core.Scheduling;

/// <summary>When a sweep is expected to end.</summary>
public static class Eta
{
    /// <summary>
    /// Work left ÷ devices, in the devices' own pace: seconds spent per expected second of the cells that have ended.
    /// </summary>
    /// <param name="spent">Device time that the finished cells of this run took, added over devices, waiting excluded.</param>
    /// <param name="devices">Devices that take part, at least 1.</param>
    /// <returns>Null before anything that was expected to take time has ended in this run.</returns>
    public static TimeSpan? Remaining(SweepWork work, TimeSpan spent, int devices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        if (work.Remaining <= 0)
        {
            return TimeSpan.Zero;
        }

        if (work.Finished <= 0 || spent <= TimeSpan.Zero)
        {
            return null;
        }

        var seconds = work.Remaining * (spent.TotalSeconds / work.Finished) / devices;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }
}
