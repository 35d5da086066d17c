using Layerbench.Cluster;
using Layerbench.Core.Engines;

namespace Layerbench.Gateway;

/// <summary>Nodes as every engine tells of them.</summary>
internal static class FleetNodes
{
    public static FleetNode Of(NodeStatus status) =>
        new(
            status.Node.Name,
            status.Node.Silo,
            status.LastHeard,
            status.Draining,
            [
                .. status.Node.Devices.Select(d => new FleetDevice(
                    d,
                    status.Busy.TryGetValue(d.Id, out var sweep) ? sweep : null
                )),
            ],
            [.. status.Refusals.Select(r => $"{r.Key}: {r.Value}").Order(StringComparer.Ordinal)]
        )
        {
            Version = status.Node.Version,
            Backends = [.. status.Node.Workers.Keys.Order(StringComparer.Ordinal)],
        };
}
