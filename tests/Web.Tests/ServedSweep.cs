using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;

namespace Layerbench.Web.Tests;

/// <summary>A sweep of the <see cref="ServedEngine"/>.</summary>
internal sealed class ServedSweep(SweepRecord record, SweepSpec spec, SweepPlan plan, string user, int priority)
{
    private readonly Lock gate = new();
    private EventLog log = new(epoch: 1, capacity: 100_000);
    private TaskCompletionSource told = New();
    private bool ended;

    public SweepRecord Record { get; } = record;
    public SweepSpec Spec { get; } = spec;
    public SweepPlan Plan { get; } = plan;
    public string User { get; } = user;
    public int Priority { get; set; } = priority;
    public bool Paused { get; set; }
    public bool Cancelled { get; set; }

    public void Tell(EngineEvent e)
    {
        lock (gate)
        {
            log.Add(e);
            ended = e is EngineEvent.SweepEnded;
            told.SetResult();
            told = New();
        }
    }

    /// <summary>As another coordinator, which remembers nothing of before.</summary>
    public void ForgetEvents(long epoch)
    {
        lock (gate)
        {
            log = new EventLog(epoch, capacity: 100_000);
            told.SetResult();
            told = New();
        }
    }

    /// <summary>What came after; whether that is all; and what completes when there is more.</summary>
    public (IReadOnlyList<SweepEvent> Events, bool Ended, Task More) After(EventId seen, DateTimeOffset now)
    {
        lock (gate)
        {
            // Whoever has seen nothing is told everything.
            var events =
                log.After(seen == default ? log.Last with { Sequence = 0 } : seen, int.MaxValue)
                ?? [new(log.Last, new EngineEvent.SweepStarted(now, Record.Id, Plan.Size, 0, []))];
            return (events, ended, told.Task);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
