namespace Layerbench.Engine.Simulated;

/// <summary>
/// Time that passes only when every simulated worker waits: then it jumps to whoever wakes next. Hours of simulated
/// measuring take as long as the bookkeeping. Timers made of it fire on the way, in order.
/// </summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (TimeSpan Wake, long Order)> sleepers = new();
    private readonly List<VirtualTimer> timers = [];
    private TimeSpan now;
    private long order;
    private int workers;
    private bool advancing;

    /// <summary>Starts at a fixed instant, the same in every run.</summary>
    public VirtualClock()
        : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    private TimeSpan Elapsed
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <summary>One more worker whose waiting is waited for: time stands still until it sleeps or leaves.</summary>
    public void Join()
    {
        lock (gate)
        {
            workers++;
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            workers--;
            if (!MustAdvance())
            {
                return;
            }
        }

        Advance();
    }

    /// <summary>A worker's waiting; it must have joined.</summary>
    public ValueTask SleepAsync(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        Task woken;
        lock (gate)
        {
            var wake = now + duration;
            if (workers == 1 && !advancing && timers.TrueForAll(t => t.Due > wake))
            {
                now = wake;
                return ValueTask.CompletedTask;
            }

            var sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            sleepers.Enqueue(sleeper, (wake, order++));
            woken = sleeper.Task;
            if (!MustAdvance())
            {
                return new ValueTask(woken);
            }
        }

        Advance();
        return new ValueTask(woken);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Under the lock: claims the advance when all workers wait.</summary>
    private bool MustAdvance()
    {
        var must = !advancing && sleepers.Count > 0 && sleepers.Count >= workers;
        advancing |= must;
        return must;
    }

    /// <summary>Fires what is due before the next sleeper, then wakes that one. Callbacks run outside the lock.</summary>
    private void Advance()
    {
        while (true)
        {
            VirtualTimer? due = null;
            TaskCompletionSource? sleeper = null;
            lock (gate)
            {
                sleepers.TryPeek(out _, out var next);
                due = timers.Where(t => t.Due <= next.Wake).MinBy(t => t.Due);
                if (due is not null)
                {
                    now = due.Due > now ? due.Due : now;
                    due.Due = due.Period > TimeSpan.Zero ? now + due.Period : TimeSpan.MaxValue;
                }
                else
                {
                    sleeper = sleepers.Dequeue();
                    now = next.Wake > now ? next.Wake : now;
                    advancing = false;
                }
            }

            due?.Fire();
            if (sleeper is not null)
            {
                sleeper.SetResult();
                return;
            }
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; } = TimeSpan.MaxValue;
        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                Due = dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : clock.now + dueTime;
                clock.timers.Remove(this);
                if (Due < TimeSpan.MaxValue)
                {
                    clock.timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
