using Layerbench.Core;
using Layerbench.Engine.Devices;

namespace Layerbench.Cli.Serving;

/// <summary>What the devices of this machine do, as far as it is known: their locks say which process has them.</summary>
internal static class LocalDevices
{
    /// <param name="own">Devices that this process measures on, and for which sweep.</param>
    /// <param name="others">What other processes run.</param>
    /// <returns>The devices, and what is known beside them.</returns>
    public static (IReadOnlyList<FleetDevice> Devices, IReadOnlyList<string> Notes) Of(
        IReadOnlyList<DeviceInfo> available,
        IReadOnlyList<(DeviceInfo Device, SweepId Sweep)> own,
        IReadOnlyList<OtherRun> others
    )
    {
        var busy = own.GroupBy(o => o.Device.Id).ToDictionary(g => g.Key, g => g.First().Sweep);
        List<FleetDevice> devices =
        [
            .. available
                .Concat(own.Select(o => o.Device))
                .DistinctBy(d => d.Id)
                .Select(d => busy.TryGetValue(d.Id, out var sweep) ? new FleetDevice(d, sweep) : Held(d, others)),
        ];
        return (
            devices,
            [
                .. others
                    .Where(o => devices.TrueForAll(d => d.Sweep != o.Sweep))
                    .Select(o => $"another process runs '{o.Sweep}'; on which of the devices is not known here"),
            ]
        );
    }

    private static FleetDevice Held(DeviceInfo device, IReadOnlyList<OtherRun> others) =>
        DeviceLock.HolderOf(device, DeviceLock.DefaultFolder) is { } holder
            ? new FleetDevice(
                device,
                holder.ProcessId is { } process ? others.FirstOrDefault(o => o.ProcessId == process)?.Sweep : null
            )
            {
                Holder = holder.Text,
            }
            : new FleetDevice(device, Sweep: null);
}
