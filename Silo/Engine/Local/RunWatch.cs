using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>Tells those who watch, one event at a time, and says how long the rest will take.</summary>
internal sealed class RunWatch(
    Action<EngineEvent> onEvent,
    SharedSweep sweep,
    MeasureSpec measure,
    int devices,
    TimeProvider time
)
{
    /// <summary>Progress is told at most this often; a terminal draws no faster.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly long startedAt = time.GetTimestamp();
    private readonly long passedBefore = sweep.Progress.Progress.Passed;
    private TimeSpan spent;
    private long launchesDone;
    private long? toldAt;

    public TimeSpan Elapsed => time.GetElapsedTime(startedAt);

    public void Tell(EngineEvent engineEvent)
    {
        lock (gate)
        {
            onEvent(engineEvent);
            if (engineEvent is EngineEvent.LaunchStored stored)
            {
                launchesDone += stored.Cells;
                TellProgress(always: false);
            }
        }
    }

    /// <summary>A slice was told of, after this long on its device.</summary>
    public void SliceEnded(TimeSpan took)
    {
        lock (gate)
        {
            spent += took;
            TellProgress(always: false);
        }
    }

    public void Ended()
    {
        lock (gate)
        {
            TellProgress(always: true);
        }
    }

    private void TellProgress(bool always)
    {
        var now = time.GetTimestamp();
        if (!always && toldAt is { } last && time.GetElapsedTime(last, now) < ProgressInterval)
        {
            return;
        }

        toldAt = now;
        var (progress, work) = sweep.Progress;
        onEvent(
            new EngineEvent.ProgressMade(
                time.GetUtcNow(),
                progress,
                WithinBudget(Eta.Remaining(work, spent, devices) ?? ByLaunches(progress))
            )
        );
    }

    /// <summary>What a run takes is at most what is left of its budget.</summary>
    private TimeSpan? WithinBudget(TimeSpan? left) =>
        measure.SweepBudget is { } budget && left is { } rest && budget - Elapsed is var most && most < rest
            ? (most > TimeSpan.Zero ? most : TimeSpan.Zero)
            : left;

    /// <summary>Before the first slice has ended: launches to do ÷ launches done, all cells taken as equal.</summary>
    private TimeSpan? ByLaunches(SweepProgress progress)
    {
        if (launchesDone == 0)
        {
            return null;
        }

        var all = (double)(progress.Size - passedBefore) * (measure.LeastLaunches + measure.MemoryLaunches);
        var seconds = Elapsed.TotalSeconds * Math.Max(0, all - launchesDone) / launchesDone;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }
}
