using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Engines;

namespace Layerbench.Silo.Running;

/// <summary>
/// Tells a sweep's coordinator what a device is at, for those who watch: what happens within a moment together, of very
/// much the last, and none of it twice. Nothing depends on whether it arrives; what must arrive is told with the slice.
/// </summary>
internal sealed class EventRelay(ISweepGrain sweep, string node, TimeProvider time)
{
    /// <summary>Of one device; a watcher sees no more of them.</summary>
    private const int MostTogether = 64;

    private static readonly TimeSpan together = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Queue<EngineEvent> waiting = new();

    public void Tell(EngineEvent e)
    {
        if (Named(e) is not { } named)
        {
            return;
        }

        lock (gate)
        {
            waiting.Enqueue(named);
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

    /// <summary>Under the name by which the cluster knows the device; null: the coordinator hears of it otherwise.</summary>
    private EngineEvent? Named(EngineEvent e) =>
        e switch
        {
            EngineEvent.DeviceBusy busy => busy with { Device = Name(busy.Device) },
            EngineEvent.LaunchStarted launch => launch with { Device = Name(launch.Device) },
            EngineEvent.CellStarted cell => cell with { Device = Name(cell.Device) },
            EngineEvent.LaunchStored stored => stored with { Device = Name(stored.Device) },
            EngineEvent.TrainingProgressed training => training with { Device = Name(training.Device) },
            EngineEvent.RungDecided rung => rung with { Device = Name(rung.Device) },
            _ => null,
        };

    private DeviceId Name(DeviceId device) => new(new DeviceKey(node, device).ToString());
}
