using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>Tells those who watch, one event at a time, and says how long the rest will take.</summary>
internal sealed class RunWatch(
    Action<EngineEvent> onEvent,
    SharedSweep sweep,
    MeasureSpec measure,
    int devices,
    TimeProvider time,
    SweepMeter? meter = null
)
{
    /// <summary>Progress is told at most this often; a terminal draws no faster.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly long startedAt = time.GetTimestamp();
    private readonly long finishedBefore = sweep.Progress.Progress.Finished;
    private readonly LaunchTally launches = new(measure, time);
    private TimeSpan spent;
    private long? toldAt;

    public TimeSpan Elapsed => time.GetElapsedTime(startedAt);

    public void Tell(EngineEvent engineEvent)
    {
        lock (gate)
        {
            launches.See(engineEvent);
            onEvent(engineEvent);
            if (engineEvent is EngineEvent.LaunchStored)
            {
                TellProgress(always: false);
            }
        }
    }

    /// <summary>A slice was told of, after this long on its device.</summary>
    public void SliceEnded(DeviceId device, TimeSpan took)
    {
        lock (gate)
        {
            launches.SliceEnded(device);
            spent += took;
            TellProgress(always: false);
        }
    }

    public void Ended()
    {
        lock (gate)
        {
            TellProgress(always: true);
            var now = time.GetUtcNow();
            var (progress, _) = sweep.Progress;
            var bound = MakespanBound.Of(progress, finishedBefore, spent, TimeSpan.Zero, devices, devices);
            meter?.Stands(new SweepStand(progress, TimeSpan.Zero, bound, IsOver: true), now);
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
        var eta = WithinBudget(Eta.Remaining(work, spent, launches.InFlight, devices));
        var bound = MakespanBound.Of(progress, finishedBefore, spent, eta, devices, devices);
        meter?.Stands(new SweepStand(progress, eta, bound, IsOver: false), time.GetUtcNow());
        var notGiven = progress.Cancelled ? 0 : Math.Max(0, progress.Size - progress.Passed - progress.InFlight);
        onEvent(
            new EngineEvent.ProgressMade(
                time.GetUtcNow(),
                progress,
                eta,
                launches.Done,
                launches.Expected(notGiven, progress.Finished - finishedBefore)
            )
        );
    }

    /// <summary>What a run takes is at most what is left of its budget.</summary>
    private TimeSpan? WithinBudget(TimeSpan? left) =>
        measure.SweepBudget is { } budget && left is { } rest && budget - Elapsed is var most && most < rest
            ? (most > TimeSpan.Zero ? most : TimeSpan.Zero)
            : left;
}
