using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;

namespace Layerbench.Grains.Fleet;

/// <summary>
/// Who is there, who is busy, and whom a free device asks first: pure, without clock or I/O. Of sweeps of one priority
/// the one goes first whose user has had the least device time lately, then the one that has had the least itself, then the
/// oldest (<see cref="Shares"/>).
/// </summary>
internal sealed class FleetState(TimeSpan nodeTimeout)
{
    private readonly Dictionary<string, Entry> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<SweepId, ActiveSweep> sweeps = [];
    private readonly HashSet<string> draining = new(StringComparer.Ordinal);
    private readonly WorkerBook workers = new();
    private readonly Shares shares = new();

    /// <exception cref="InvalidOperationException">Another silo that is alive has this name.</exception>
    public void Hear(NodeInfo node, DateTimeOffset now)
    {
        if (nodes.TryGetValue(node.Name, out var known) && known.Node.Silo != node.Silo)
        {
            // A silo that was started again on its endpoint takes its own place; its predecessor is gone.
            if (IsAlive(known, now) && Endpoint(known.Node.Silo) != Endpoint(node.Silo))
            {
                throw new InvalidOperationException(
                    $"The node name '{node.Name}' is taken by silo {known.Node.Silo}, heard of at "
                        + $"{known.LastHeard:HH:mm:ss} UTC; give silo {node.Silo} a name of its own."
                );
            }

            nodes.Remove(node.Name);
        }

        if (nodes.TryGetValue(node.Name, out var entry))
        {
            entry.Node = node;
            entry.LastHeard = now;
            return;
        }

        nodes.Add(node.Name, new Entry(node, now));
    }

    /// <summary>Forgets the node if it is this silo's.</summary>
    public void Leave(string node, string silo)
    {
        if (nodes.TryGetValue(node, out var entry) && entry.Node.Silo == silo)
        {
            nodes.Remove(node);
        }
    }

    /// <summary>Forgets the nodes whose silo is so.</summary>
    public void Forget(Func<string, bool> isGone)
    {
        foreach (var gone in nodes.Values.Where(n => isGone(n.Node.Silo)).Select(n => n.Node.Name).ToList())
        {
            nodes.Remove(gone);
        }
    }

    public void Drain(string node, bool drain)
    {
        _ = drain ? draining.Add(node) : draining.Remove(node);
    }

    /// <summary>One that is there already keeps its age.</summary>
    public void Activate(ActiveSweep sweep) =>
        sweeps[sweep.Id] = sweeps.TryGetValue(sweep.Id, out var known) ? sweep with { Since = known.Since } : sweep;

    public bool Retire(SweepId sweep) => sweeps.Remove(sweep);

    public FleetOrders Ask(DeviceKey device, DateTimeOffset now)
    {
        if (!nodes.TryGetValue(device.Node, out var entry))
        {
            return new FleetOrders(draining.Contains(device.Node), []) { Unheard = true };
        }

        Free(entry, device.Device, now);
        return draining.Contains(device.Node)
            ? new FleetOrders(true, [])
            : new FleetOrders(
                false,
                [.. Order(now).Where(s => IsOffered(s, entry.Node, device, now)).Select(s => s.Id)]
            );
    }

    /// <summary>What there is for the sweep now.</summary>
    public FleetShare Share(ActiveSweep sweep, DateTimeOffset now)
    {
        var devices = Alive(now)
            .Where(n => !draining.Contains(n.Node.Name))
            .SelectMany(n => n.Node.Devices.Where(d => Fitness.Refusal(sweep, n.Node, d) is null))
            .ToList();
        var memories = devices.Select(d => d.MemoryBytes).OrderDescending().Take(2).ToList();
        return new FleetShare(
            devices.Count,
            devices
                .CountBy(d => d.Kind, StringComparer.Ordinal)
                .OrderByDescending(k => k.Value)
                .ThenBy(k => k.Key, StringComparer.Ordinal)
                .FirstOrDefault()
                .Key
                ?? "",
            memories.ElementAtOrDefault(0),
            memories.ElementAtOrDefault(1)
        )
        {
            IsOffered = sweeps.ContainsKey(sweep.Id),
        };
    }

    /// <summary>Whether the fleet lacks the description of a worker that this node has.</summary>
    public bool LacksWorkersOf(NodeInfo node) => workers.Lacks(node);

    public bool IsDraining(string node) => draining.Contains(node);

    public void Describe(IEnumerable<BackendInfo> described, DateTimeOffset now) =>
        workers.Keep(described, [.. Alive(now).Select(n => n.Node)]);

    public FleetCatalog Catalog(DateTimeOffset now) => workers.Catalog([.. Alive(now).Select(n => n.Node)]);

    public void Busy(DeviceKey device, SweepId sweep, DateTimeOffset now)
    {
        if (nodes.TryGetValue(device.Node, out var entry))
        {
            Free(entry, device.Device, now);
            entry.Busy[device.Device] = new Working(sweep, sweeps.GetValueOrDefault(sweep)?.Terms.User ?? "", now);
        }
    }

    public IReadOnlyList<ActiveSweep> Order(DateTimeOffset now)
    {
        var (ofUser, ofSweep) = shares.At([.. Alive(now).SelectMany(n => n.Busy.Values)], now);
        return
        [
            .. sweeps
                .Values.OrderByDescending(s => s.Terms.Priority)
                .ThenBy(s => ofUser(s.Terms.User))
                .ThenBy(s => ofSweep(s.Id))
                .ThenBy(s => s.Since)
                .ThenBy(s => s.Id.Value, StringComparer.Ordinal),
        ];
    }

    public IReadOnlyList<NodeStatus> Nodes(DateTimeOffset now) =>
        [
            .. Alive(now)
                .OrderBy(n => n.Node.Name, StringComparer.Ordinal)
                .Select(n => new NodeStatus(
                    n.Node,
                    n.LastHeard,
                    draining.Contains(n.Node.Name),
                    n.Busy.ToDictionary(b => b.Key, b => b.Value.Sweep)
                )
                {
                    Refusals = Refusals(n.Node),
                }),
        ];

    private Dictionary<SweepId, string> Refusals(NodeInfo node) =>
        sweeps
            .Values.Select(s => (s.Id, Reason: Fitness.Refusals(s, node)))
            .Where(s => s.Reason is not null)
            .ToDictionary(s => s.Id, s => s.Reason!);

    /// <summary>How many devices it has is the sweep's own to count; here one that has enough is just not asked in vain.</summary>
    private bool IsOffered(ActiveSweep sweep, NodeInfo node, DeviceKey key, DateTimeOffset now) =>
        node.Devices.FirstOrDefault(d => d.Id == key.Device) is { } device
        && Fitness.Refusal(sweep, node, device) is null
        && (
            sweep.Terms.MaximumDevices is not { } most
            || Alive(now).Sum(n => n.Busy.Values.Count(w => w.Sweep == sweep.Id)) < most
        );

    private void Free(Entry entry, DeviceId device, DateTimeOffset now)
    {
        if (entry.Busy.Remove(device, out var working))
        {
            shares.Ended(working, now);
        }
    }

    private IEnumerable<Entry> Alive(DateTimeOffset now) => nodes.Values.Where(n => IsAlive(n, now));

    private bool IsAlive(Entry entry, DateTimeOffset now) => now - entry.LastHeard < nodeTimeout;

    /// <summary>Of <c>127.0.0.1:11111@413870312</c>: what is before the generation.</summary>
    private static string Endpoint(string silo) => silo.Split('@')[0];

    private sealed class Entry(NodeInfo node, DateTimeOffset heard)
    {
        public NodeInfo Node { get; set; } = node;
        public DateTimeOffset LastHeard { get; set; } = heard;
        public Dictionary<DeviceId, Working> Busy { get; } = [];
    }
}
