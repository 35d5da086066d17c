using System.Diagnostics.Metrics;
using Layerbench.Core;
using Layerbench.Metrics;

namespace Layerbench.Engine.Devices;

/// <summary>Which GPUs a process has, and what NVML says of them, as metrics; the latter only where NVML is there.</summary>
public sealed class GpuBoard : IDisposable
{
    private readonly Meter meter = new(LayerbenchMeter.Name);
    private readonly List<Watched> gpus = [];

    /// <param name="node">Whose devices they are.</param>
    public GpuBoard(string node, IReadOnlyList<DeviceInfo> devices)
        : this(node, devices, Nvml.DefaultLibrary, TimeSpan.FromSeconds(1)) { }

    internal GpuBoard(string node, IReadOnlyList<DeviceInfo> devices, string library, TimeSpan interval)
    {
        foreach (var device in devices)
        {
            if (device is { Kind: "cuda", Uuid: { } uuid } && GpuMonitor.Start(library, uuid, interval) is { } monitor)
            {
                gpus.Add(new Watched(monitor, new("node", node), new("device", device.Id.Value)));
            }
        }

        List<Measurement<long>> known =
        [
            .. from device in devices
            where device is { Kind: "cuda", Uuid: not null }
            select new Measurement<long>(
                1,
                new("node", node),
                new("device", device.Id.Value),
                new("uuid", device.Uuid)
            ),
        ];
        meter.CreateObservableGauge(
            "layerbench.gpu.info",
            () => known,
            unit: null,
            "Which GPU a device is, by which other exporters know it; always 1."
        );
        Gauge("layerbench.gpu.power", "W", "Power drawn.", s => s.Last?.Watts);
        Gauge("layerbench.gpu.clock", "Hz", "Clock of the multiprocessors.", s => s.Last?.ClockMegahertz * 1e6);
        Gauge("layerbench.gpu.memory.used", "By", "Memory in use, by anybody.", s => s.UsedBytes);
        meter.CreateObservableCounter(
            "layerbench.gpu.throttle",
            () => Read(s => s.ThrottledFor.TotalSeconds),
            "s",
            "Time that a GPU was slowed down by heat or power."
        );
    }

    public void Dispose()
    {
        meter.Dispose();
        gpus.ForEach(g => g.Monitor.Dispose());
    }

    private void Gauge(string name, string unit, string description, Func<GpuMonitor.State, double?> value) =>
        meter.CreateObservableGauge(name, () => Read(value), unit, description);

    private IEnumerable<Measurement<double>> Read(Func<GpuMonitor.State, double?> value) =>
        from gpu in gpus
        let known = value(gpu.Monitor.Now)
        where known is not null
        select new Measurement<double>(known.Value, gpu.Node, gpu.Device);

    private sealed record Watched(
        GpuMonitor Monitor,
        KeyValuePair<string, object?> Node,
        KeyValuePair<string, object?> Device
    );
}
