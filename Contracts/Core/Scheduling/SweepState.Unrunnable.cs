namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    private readonly FailedStarts failedStarts = new();

    /// <summary>
    /// A slice could not be begun: its cells are handed back without blame. Where that is so on every device of the fleet,
    /// again and again, the sweep stops.
    /// </summary>
    /// <param name="reason">In words, without a full stop.</param>
    public TellAnswer TellUnrunnable(LeaseToken token, string reason, DateTimeOffset now)
    {
        var device = leases.Find(token, now) is null ? (DeviceId?)null : leases.DeviceOf(token).Device;
        var answer = Tell(token, [], now);
        if (device is { } tried && failedStarts.Note(tried, reason, fleet.Devices) is { } stop)
        {
            Cancel(stop);
        }

        return answer;
    }
}
