using Layerbench.Core.Engines;
using Layerbench.Metrics.Fleet;

namespace Layerbench.Grains.Fleet;

/// <summary>The fleet's devices as they are shown: pure.</summary>
internal static class FleetFigures
{
    /// <summary>Users beyond these are one, by the name <see cref="Others"/>: each is two series.</summary>
    public const int MostUsers = 20;

    public const string Others = "other";

    /// <param name="users">Most first; without a name where a sweep's owner is not known any more.</param>
    public static IReadOnlyList<UserShare> Bounded(IReadOnlyList<UserShare> users) =>
        [
            .. users
                .Index()
                .GroupBy(
                    u => u.Index < MostUsers && u.Item.User.Length > 0 ? u.Item.User : Others,
                    u => u.Item,
                    StringComparer.Ordinal
                )
                .Select(g => new UserShare(g.Key, g.Sum(u => u.Devices), g.Sum(u => u.Share))),
        ];

    /// <param name="alive">Nodes that are heard of.</param>
    /// <param name="lost">Nodes that should be there and are not, with how many devices they had of each kind.</param>
    public static IReadOnlyList<DevicesInState> Of(
        IReadOnlyList<Cluster.NodeStatus> alive,
        IEnumerable<KnownNode> lost
    ) => [.. alive.SelectMany(OfNode), .. lost.SelectMany(OfLost)];

    private static IEnumerable<DevicesInState> OfNode(Cluster.NodeStatus node) =>
        from device in node.Node.Devices
        group device by device.Kind into kind
        let busy = kind.Count(d => node.Busy.ContainsKey(d.Id))
        let all = kind.Count()
        from one in (DevicesInState[])
            [
                Some("busy", node.Draining ? 0 : busy),
                Some("idle", node.Draining ? 0 : all - busy),
                Some("draining", node.Draining ? all : 0),
                Some("lost", 0),
            ]
        select one with
        {
            Node = node.Node.Name,
            Kind = kind.Key,
        };

    private static IEnumerable<DevicesInState> OfLost(KnownNode node) =>
        node.Devices.Select(d => new DevicesInState(node.Name, d.Key, "lost", d.Value));

    private static DevicesInState Some(string state, int devices) => new("", "", state, devices);
}

/// <summary>A node that has joined and not left.</summary>
[GenerateSerializer, Alias("layerbench.KnownNode")]
internal sealed record KnownNode(string Name, IReadOnlyDictionary<string, int> Devices)
{
    /// <summary>By kind.</summary>
    public static KnownNode Of(Cluster.NodeInfo node) =>
        new(node.Name, node.Devices.CountBy(d => d.Kind, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));

    public bool Has(Cluster.NodeInfo node) =>
        Name == node.Name
        && Devices.Count == Of(node).Devices.Count
        && Of(node).Devices.All(d => Devices.GetValueOrDefault(d.Key) == d.Value);
}
