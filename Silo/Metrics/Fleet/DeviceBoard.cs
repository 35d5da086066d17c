using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Layerbench.Core;

namespace Layerbench.Metrics.Fleet;

/// <summary>The devices that this process runs slices on, as metrics.</summary>
public sealed class DeviceBoard : IDisposable
{
    private readonly Meter meter = LayerbenchMeter.New();
    private readonly ConcurrentDictionary<DeviceId, DeviceClock> devices = [];
    private readonly TimeProvider time;

    public DeviceBoard(TimeProvider time)
    {
        this.time = time;
        meter.CreateObservableCounter(
            "layerbench.device",
            () => devices.Values.SelectMany(Use),
            "s",
            "Time at work, by whether its results were taken."
        );
        meter.CreateObservableCounter(
            "layerbench.device.idle",
            () => devices.Values.SelectMany(Idle),
            "s",
            "Time without work, by why."
        );
    }

    /// <param name="device">As slices name it: <c>node/device</c> in a cluster, else without a node, which is then this machine.</param>
    public DeviceClock Of(DeviceId device) =>
        devices.GetOrAdd(
            device,
            id =>
                id.Value.Split('/', 2) is [var node, var name]
                    ? new DeviceClock(node, name, time)
                    : new DeviceClock(Environment.MachineName, id.Value, time)
        );

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<double>> Use(DeviceClock clock)
    {
        var read = clock.Read();
        yield return LayerbenchMeter.Of(
            read.Useful.TotalSeconds,
            ("node", clock.Node),
            ("device", clock.Device),
            ("use", "useful")
        );
        if (read.Wasted > TimeSpan.Zero)
        {
            yield return LayerbenchMeter.Of(
                read.Wasted.TotalSeconds,
                ("node", clock.Node),
                ("device", clock.Device),
                ("use", "wasted")
            );
        }
    }

    private static IEnumerable<Measurement<double>> Idle(DeviceClock clock) =>
        clock
            .Read()
            .Idle.Select(i =>
                LayerbenchMeter.Of(
                    i.Value.TotalSeconds,
                    ("node", clock.Node),
                    ("device", clock.Device),
                    ("reason", Name(i.Key))
                )
            );

    private static string Name(IdleReason reason) =>
        reason switch
        {
            IdleReason.NoWork => "no_work",
            IdleReason.Draining => "draining",
            IdleReason.Paused => "paused",
            IdleReason.Dispatch => "dispatch",
            IdleReason.NotOffered => "not_offered",
            IdleReason.NotSelected => "not_selected",
            IdleReason.Limit => "limit",
            IdleReason.OtherDevice => "other_device",
            IdleReason.WorkerFailed => "worker_failed",
            IdleReason.Unanswered => "unanswered",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
