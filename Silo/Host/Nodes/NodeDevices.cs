using Layerbench.Core;
using Layerbench.Engine.Devices;

namespace Layerbench.Silo.Nodes;

/// <summary>The node's devices, from configured patterns: those that a sweep file takes, and <c>none</c>.</summary>
internal static class NodeDevices
{
    private const string None = "none";

    /// <param name="patterns">None at all mean <c>auto</c>.</param>
    /// <param name="available">What the machine has.</param>
    public static (IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<string> Errors) Resolve(
        IReadOnlyList<string> patterns,
        IReadOnlyList<DeviceInfo> available
    )
    {
        if (patterns is [None])
        {
            return ([], []);
        }

        var selection = DeviceSelection.Resolve(patterns.Count == 0 ? ["auto"] : patterns, available);
        // The same words as of a sweep file's devices, under the setting's name.
        return (
            [.. selection.Devices.Select(d => Marked(d, available))],
            [.. selection.Errors.Select(e => $"Devices{e["devices".Length..]}")]
        );
    }

    /// <summary>CPUs beside those of a set may be another silo's: what is measured on the set says that it shares caches and bandwidth.</summary>
    private static DeviceInfo Marked(DeviceInfo device, IReadOnlyList<DeviceInfo> available) =>
        device.Kind == "cpu" && available.Any(d => d.Kind == "cpu" && d.Cpus.Count > device.Cpus.Count)
            ? device with
            {
                Shared = true,
            }
            : device;

    public static (IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<string> Errors) Resolve(
        IReadOnlyList<string> patterns
    ) => Resolve(patterns, DeviceDiscovery.OfThisMachine().Find());
}
