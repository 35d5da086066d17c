using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Engines;

namespace Layerbench.Grains.Fleet;

/// <summary>
/// Who is there, who is busy, and whom a free device asks first: pure, without clock or I/O. Of sweeps of one priority
/// the one goes first whose user has had the least device time lately, then the one that has had the least itself, then the
/// oldest (<see cref="Shares"/>).
/// </summary>
internal sealed class FleetState(TimeSpan nodeTimeout)
{
    /// <summary>Of nodes that were lost; after that they are not expected back.</summary>
    private static readonly TimeSpan backWithin = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Entry> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<SweepId, ActiveSweep> sweeps = [];
    private readonly HashSet<string> draining = new(StringComparer.Ordinal);
    private readonly WorkerBook workers = new();
    private readonly Shares shares = new();

    /// <returns>Why it is not counted: another silo that is alive has this name; null: it is.</returns>
    public string? Hear(NodeInfo node, DateTimeOffset now)
    {
        if (nodes.TryGetValue(node.Name, out var known) && (known.IsGone || known.Node.Silo != node.Silo))
        {
            // A silo that was started again on its endpoint takes its own place; its predecessor is gone.
            if (IsAlive(known, now) && Endpoint(known.Node.Silo) != Endpoint(node.Silo))
            {
                return $"the node name '{node.Name}' is taken by silo {known.Node.Silo}, heard of at "
                    + $"{known.LastHeard:HH:mm:ss} UTC; give silo {node.Silo} a name of its own (the setting Node)";
            }

            nodes.Remove(node.Name);
        }

        if (nodes.TryGetValue(node.Name, out var entry))
        {
            entry.Node = node;
            entry.LastHeard = now;
            return null;
        }

        nodes.Add(node.Name, new Entry(node, now));
        return null;
    }

    /// <summary>Forgets the node if it is this silo's.</summary>
    /// <returns>False: another silo has the name.</returns>
    public bool Leave(string node, string silo)
    {
        if (nodes.TryGetValue(node, out var entry) && entry.Node.Silo != silo)
        {
            return false;
        }

        nodes.Remove(node);
        return true;
    }

    /// <summary>Counts the nodes no more whose silo is so; they may come back.</summary>
    public void Forget(Func<string, bool> isGone)
    {
        foreach (var node in nodes.Values.Where(n => !n.IsGone && isGone(n.Node.Silo)))
        {
            node.IsGone = true;
            node.Busy.Clear();
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
        if (HeardOf(device.Node) is not { } entry)
        {
            return new FleetOrders(draining.Contains(device.Node), []) { Unheard = true };
        }

        Free(entry, device.Device, now);
        if (draining.Contains(device.Node))
        {
            return new FleetOrders(true, []);
        }

        var why = Order(now).ToLookup(s => WithheldFrom(s, entry.Node, device, now));
        return new FleetOrders(false, [.. why[Withheld.None].Select(s => s.Id)])
        {
            Withheld = why.Select(w => w.Key).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>What there is for the sweep now.</summary>
    public FleetShare Share(ActiveSweep sweep, DateTimeOffset now)
    {
        var devices = Alive(now).SelectMany(n => DevicesFor(sweep, n)).ToList();
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
            Missing = nodes
                .Values.Where(n => !IsAlive(n, now) && now - n.LastHeard < backWithin)
                .Sum(n => DevicesFor(sweep, n).Count()),
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
        // Told again with each heartbeat, for a fleet that was lost.
        if (
            HeardOf(device.Node) is { } entry
            && !(entry.Busy.TryGetValue(device.Device, out var working) && working.Sweep == sweep)
        )
        {
            Free(entry, device.Device, now);
            entry.Busy[device.Device] = new Working(sweep, sweeps.GetValueOrDefault(sweep)?.Terms.User ?? "", now);
        }
    }

    /// <summary>Device time that users and sweeps have had, to be kept; null: nothing new since this was asked last.</summary>
    public KeptShares? TakeNewShares(DateTimeOffset now) => shares.TakeNew([.. AtWork(now)], now);

    public IReadOnlyList<UserShare> Users(DateTimeOffset now) => shares.Users([.. AtWork(now)], now);

    /// <summary>The shares go on from there.</summary>
    public void Restore(KeptShares kept) => shares.Restore(kept);

    public IReadOnlyList<ActiveSweep> Order(DateTimeOffset now)
    {
        var (ofUser, ofSweep) = shares.At([.. AtWork(now)], now);
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
    private Withheld WithheldFrom(ActiveSweep sweep, NodeInfo node, DeviceKey key, DateTimeOffset now)
    {
        if (
            node.Devices.FirstOrDefault(d => d.Id == key.Device) is not { } device
            || Fitness.Refusal(sweep, node, device) is not null
        )
        {
            return Fitness.Suits(sweep, node) && Alive(now).Any(n => DevicesFor(sweep, n).Any())
                ? Withheld.NotSelected
                : Withheld.Unfit;
        }

        return
            sweep.Terms.MaximumDevices is { } most
            && Alive(now).Sum(n => n.Busy.Values.Count(w => w.Sweep == sweep.Id)) >= most
            ? Withheld.Limit
            : Withheld.None;
    }

    private void Free(Entry entry, DeviceId device, DateTimeOffset now)
    {
        if (entry.Busy.Remove(device, out var working))
        {
            shares.Ended(working, now);
        }
    }

    private IEnumerable<DeviceInfo> DevicesFor(ActiveSweep sweep, Entry entry) =>
        draining.Contains(entry.Node.Name)
            ? []
            : entry.Node.Devices.Where(d => Fitness.Refusal(sweep, entry.Node, d) is null);

    private Entry? HeardOf(string node) => nodes.GetValueOrDefault(node) is { IsGone: false } entry ? entry : null;

    private IEnumerable<Working> AtWork(DateTimeOffset now) => Alive(now).SelectMany(n => n.Busy.Values);

    private IEnumerable<Entry> Alive(DateTimeOffset now) => nodes.Values.Where(n => IsAlive(n, now));

    private bool IsAlive(Entry entry, DateTimeOffset now) => !entry.IsGone && now - entry.LastHeard < nodeTimeout;

    /// <summary>Of <c>127.0.0.1:11111@413870312</c>: what is before the generation.</summary>
    private static string Endpoint(string silo) => silo.Split('@')[0];

    private sealed class Entry(NodeInfo node, DateTimeOffset heard)
    {
        public NodeInfo Node { get; set; } = node;
        public DateTimeOffset LastHeard { get; set; } = heard;

        /// <summary>Its silo was declared dead.</summary>
        public bool IsGone { get; set; }

        public Dictionary<DeviceId, Working> Busy { get; } = [];
    }
}
