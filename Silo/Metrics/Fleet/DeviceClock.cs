namespace Layerbench.Metrics.Fleet;

/// <summary>Why a device runs nothing. Of several reasons the later one deserves a look more.</summary>
public enum IdleReason
{
    /// <summary>There are no cells that wait.</summary>
    NoWork,

    /// <summary>Its node takes no more work.</summary>
    Draining,

    /// <summary>The sweeps that it could work for are paused.</summary>
    Paused,

    /// <summary>The sweeps that want devices want others, and there are such.</summary>
    NotSelected,

    /// <summary>A sweep has as many devices as it may have.</summary>
    Limit,

    /// <summary>The cells that wait are for other devices: larger ones, or ones on which they have not killed a worker yet.</summary>
    OtherDevice,

    /// <summary>It asks for its next slice.</summary>
    Dispatch,

    /// <summary>Sweeps that want devices are not offered to it: its node lacks a backend, a plug-in or their version, or no device suits them.</summary>
    NotOffered,

    /// <summary>Its workers do not start; it tries again after a pause.</summary>
    WorkerFailed,

    /// <summary>Who should give it work does not answer.</summary>
    Unanswered,
}

/// <summary>
/// What a device spends its time on. Time at work counts as useful while it runs and until it is known to be wasted; a
/// counter never falls, so what turns out wasted is then made up for before useful time rises again. Thread-safe.
/// </summary>
public sealed class DeviceClock
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly TimeSpan[] idle = new TimeSpan[Enum.GetValues<IdleReason>().Length];
    private TimeSpan useful;
    private TimeSpan usefulShown;
    private TimeSpan wasted;
    private TimeSpan wastedInSlice;
    private IdleReason reason = IdleReason.NoWork;
    private bool busy;
    private bool off = true;
    private long since;

    internal DeviceClock(string node, string device, TimeProvider time)
    {
        (Node, Device, this.time) = (node, device, time);
        since = time.GetTimestamp();
    }

    public string Node { get; }
    public string Device { get; }

    /// <summary>It begins a slice.</summary>
    public void Work()
    {
        lock (gate)
        {
            Turn();
            (busy, off, wastedInSlice) = (true, false, TimeSpan.Zero);
        }
    }

    /// <summary>So much of the slice's time brought nothing, e.g. because its worker died.</summary>
    public void Waste(TimeSpan span)
    {
        lock (gate)
        {
            wastedInSlice += span;
        }
    }

    /// <summary>The slice is over, and it asks for the next.</summary>
    /// <param name="taken">What it brought was taken; else all of its time is wasted.</param>
    public void Rest(bool taken)
    {
        lock (gate)
        {
            var span = Elapsed();
            var lost = taken && wastedInSlice < span ? wastedInSlice : span;
            (wasted, useful) = (wasted + (taken ? lost : span), useful + (taken ? span - lost : TimeSpan.Zero));
            (busy, reason, wastedInSlice) = (false, IdleReason.Dispatch, TimeSpan.Zero);
        }
    }

    /// <summary>It runs nothing, for this reason.</summary>
    public void Wait(IdleReason why)
    {
        lock (gate)
        {
            Turn();
            (busy, off, reason) = (false, false, why);
        }
    }

    /// <summary>It takes no part any more.</summary>
    public void Stop()
    {
        lock (gate)
        {
            Turn();
            (busy, off) = (false, true);
        }
    }

    internal DeviceReading Read()
    {
        lock (gate)
        {
            var running = time.GetElapsedTime(since);
            var at = useful + (busy && running > wastedInSlice ? running - wastedInSlice : TimeSpan.Zero);
            usefulShown = at > usefulShown ? at : usefulShown;
            var spent = new Dictionary<IdleReason, TimeSpan>();
            foreach (var why in Enum.GetValues<IdleReason>())
            {
                var span = idle[(int)why] + (!busy && !off && why == reason ? running : TimeSpan.Zero);
                if (span > TimeSpan.Zero)
                {
                    spent[why] = span;
                }
            }

            return new DeviceReading(usefulShown, wasted, spent);
        }
    }

    private void Turn()
    {
        var span = Elapsed();
        if (busy)
        {
            // A slice that nobody ended was cut off.
            wasted += span;
        }
        else if (!off)
        {
            idle[(int)reason] += span;
        }
    }

    private TimeSpan Elapsed()
    {
        var now = time.GetTimestamp();
        var span = time.GetElapsedTime(since, now);
        since = now;
        return span;
    }
}

/// <param name="Idle">Only reasons that there were.</param>
internal sealed record DeviceReading(TimeSpan Useful, TimeSpan Wasted, IReadOnlyDictionary<IdleReason, TimeSpan> Idle);
