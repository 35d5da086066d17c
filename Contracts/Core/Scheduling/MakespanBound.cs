namespace Layerbench.Core.Scheduling;

/// <summary>The least time that a sweep could take: all its device time, shared evenly.</summary>
public static class MakespanBound
{
    /// <param name="finishedBefore">Cells that had ended before this run, of whose time nothing is known: they count as the others.</param>
    /// <param name="spent">Device time that the finished slices of this run took, added over devices.</param>
    /// <param name="eta">Of what is left, on the devices at work; null while nothing is known of it.</param>
    /// <param name="working">Devices at work, at least 1.</param>
    /// <param name="devices">Devices that may work for the sweep, at least 1.</param>
    /// <returns>Null while nothing is known of it.</returns>
    public static TimeSpan? Of(
        in SweepProgress progress,
        long finishedBefore,
        TimeSpan spent,
        TimeSpan? eta,
        int working,
        int devices
    )
    {
        var left = progress.Cancelled ? 0 : progress.Size - progress.Passed;
        var here = progress.Finished - finishedBefore + left;
        if (eta is not { } rest || here <= 0)
        {
            return null;
        }

        var seconds = (spent.TotalSeconds + rest.TotalSeconds * working) / here * (progress.Finished + left) / devices;
        return seconds is > 0 and < 1e11 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
