using System.Globalization;
using Layerbench.Cluster;
using Layerbench.Core.Engines;

namespace Layerbench.Gateway;

/// <summary>Nodes as people are told of them.</summary>
internal static class FleetNodes
{
    /// <param name="version">That most devices have.</param>
    public static FleetNode Of(NodeStatus status, string version) =>
        new(
            status.Node.Name,
            status.Node.Silo,
            status.LastHeard,
            status.Draining,
            [
                .. status.Node.Devices.Select(d => new FleetDevice(
                    d,
                    status.Busy.TryGetValue(d.Id, out var s) ? s : null
                )),
            ],
            [
                .. OfVersion(status.Node.Version, version),
                .. status.Refusals.Select(r => $"{r.Key}: {r.Value}").Order(StringComparer.Ordinal),
            ]
        )
        {
            Version = status.Node.Version,
            Backends = [.. status.Node.Workers.Keys.Order(StringComparer.Ordinal)],
        };

    public static FleetNode Of(LostNode lost) =>
        new(
            lost.Name,
            Address: "",
            lost.Since,
            Draining: false,
            Devices: [],
            [
                $"is lost, with its {string.Join(", ", lost.Devices.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => Counted(d.Value, d.Key)))}; "
                    + $"look at its log and start it again, or, if it is gone for good, `layerbench drain {lost.Name}`",
            ]
        )
        {
            LostSince = lost.Since,
        };

    private static string Counted(int devices, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{devices} {kind} {(devices == 1 ? "device" : "devices")}");

    private static IEnumerable<string> OfVersion(string own, string most) =>
        string.Equals(own, most, StringComparison.Ordinal)
            ? []
            :
            [
                $"is layerbench {own}, and most devices of the fleet are of {most}, with which new sweeps are planned: it is not "
                    + "given their work; install that version",
            ];
}
