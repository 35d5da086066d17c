using Layerbench.Cluster;
using Layerbench.Core.Engines;

namespace Layerbench.Silo.Running;

/// <summary>
/// Tells a sweep's coordinator what a device is at, for those who watch: what happens within a moment together, of very
/// much the last, and none of it twice. Nothing depends on whether it arrives; what must arrive is told with the slice.
/// </summary>
internal sealed class EventRelay(ISweepGrain sweep, TimeProvider time)
{
    /// <summary>Of one device; a watcher sees no more of them.</summary>
    private const int MostTogether = 64;

    private static readonly TimeSpan together = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Queue<EngineEvent> waiting = new();

    public void Tell(EngineEvent e)
    {
        if (!IsNews(e))
        {
            return;
        }

        lock (gate)
        {
            waiting.Enqueue(e);
            if (waiting.Count > MostTogether)
            {
                waiting.Dequeue();
            }
            else if (waiting.Count == 1)
            {
                _ = SendSoonAsync();
            }
        }
    }

    private async Task SendSoonAsync()
    {
        await Task.Delay(together, time).ConfigureAwait(false);
        EngineEvent[] events;
        lock (gate)
        {
            events = [.. waiting];
            waiting.Clear();
        }

        sweep.Seen(events).Ignore();
    }

    /// <summary>Whether the coordinator does not hear of it otherwise, with what is told.</summary>
    private static bool IsNews(EngineEvent e) =>
        e
            is EngineEvent.DeviceBusy
                or EngineEvent.LaunchStarted
                or EngineEvent.CellStarted
                or EngineEvent.LaunchStored
                or EngineEvent.TrainingProgressed
                or EngineEvent.RungDecided;
}
