using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Engines;

namespace Layerbench.Cluster;

/// <summary>
/// The nodes with their devices, and which sweeps want them; one grain, key <see cref="Key"/>. Sweeps, nodes that are to
/// drain, and now and then the device time that each has had are kept in grain storage; who is there and who is busy is
/// told again by each node within a heartbeat, so nothing of it needs to outlive the activation. It never waits for
/// another grain.
/// </summary>
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>The one key.</summary>
    const long Key = 0;

    /// <summary>A node says that it is there, with these devices; the first one registers it.</summary>
    /// <exception cref="InvalidOperationException">Another silo has this name and was heard of within the node timeout.</exception>
    Task<HeartbeatAnswer> Heartbeat(NodeInfo node);

    /// <summary>A node describes its workers, when a heartbeat was answered so.</summary>
    Task Describe(IReadOnlyList<BackendInfo> workers);

    /// <summary>What a new sweep is planned with: of the product version and of each worker what most devices have.</summary>
    Task<FleetCatalog> Catalog();

    /// <summary>What there is for a sweep of such terms and needs, whether or not it is active.</summary>
    Task<FleetShare> Share(ActiveSweep sweep);

    /// <summary>A node goes, and does not wait to be missed.</summary>
    Task Leave(string node, string silo);

    /// <summary>True: the node's devices get no more work, what they have they finish. False: they work again.</summary>
    Task Drain(string node, bool drain);

    /// <summary>Nodes heard of within the node timeout, by name.</summary>
    Task<IReadOnlyList<NodeStatus>> Nodes();

    /// <summary>Nodes that should be there and are not, by name; none until every node has had its time to be heard.</summary>
    Task<IReadOnlyList<LostNode>> Lost();

    /// <summary>Who has devices, or has had one within 10 minutes; most first.</summary>
    Task<IReadOnlyList<UserShare>> Users();

    /// <summary>A sweep wants devices.</summary>
    Task Activate(ActiveSweep sweep);

    /// <summary>A sweep wants no devices any more; one that is not there is no error.</summary>
    Task Retire(SweepId sweep);

    /// <summary>Sweeps that want devices, in the order in which the next free device asks them.</summary>
    Task<IReadOnlyList<ActiveSweep>> Sweeps();

    /// <summary>A device is free and asks where to ask for work.</summary>
    Task<FleetOrders> Ask(DeviceKey device);

    /// <summary>A device works for a sweep, until it asks again. A message that is lost makes a share a little unfair, nothing else.</summary>
    [Orleans.Concurrency.OneWay]
    Task Busy(DeviceKey device, SweepId sweep);

    /// <summary>There may be work that was not there before: waiting devices ask at once.</summary>
    Task Wake();
}

/// <summary>A node and its devices, as its silo says.</summary>
/// <param name="Name">Unique in the cluster.</param>
/// <param name="Silo">The address of its silo, which tells two nodes of one name apart.</param>
[GenerateSerializer, Alias("layerbench.NodeInfo")]
public sealed record NodeInfo(string Name, string Silo, IReadOnlyList<DeviceInfo> Devices)
{
    /// <summary>Of layerbench.</summary>
    [Id(0)]
    public string Version { get; init; } = "";

    /// <summary>Backends that can be used there, each with the hash of its worker's description.</summary>
    [Id(1)]
    public IReadOnlyDictionary<string, string> Workers { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>SHA-256 of the plug-ins that its workers have loaded.</summary>
    [Id(2)]
    public IReadOnlyList<string> PlugIns { get; init; } = [];
}

/// <param name="Draining">Its devices are to get no more work.</param>
/// <param name="Describe">It has workers that the fleet has no description of.</param>
[GenerateSerializer, Alias("layerbench.HeartbeatAnswer")]
public sealed record HeartbeatAnswer(bool Draining, bool Describe)
{
    /// <summary>Another silo that is alive has the node's name, so this one is not counted: what to do. Null: it is.</summary>
    [Id(2)]
    public string? NameTaken { get; init; }
}

/// <param name="Version">Of layerbench; empty where no node is there.</param>
[GenerateSerializer, Alias("layerbench.FleetCatalog")]
public sealed record FleetCatalog(string Version, IReadOnlyList<BackendInfo> Backends)
{
    /// <summary>SHA-256 of the plug-ins that nodes have: of each node that has some, all of them.</summary>
    [Id(1)]
    public IReadOnlyList<IReadOnlyList<string>> PlugIns { get; init; } = [];

    public VariantCatalog Variants => new(Backends);
}

/// <summary>The devices that may work for a sweep: alive, not draining, compatible, selected.</summary>
/// <param name="Kind">That most of them have; empty where there are none.</param>
/// <param name="LargestMemoryBytes">Of any; 0 where there are none.</param>
/// <param name="SecondMemoryBytes">Of the one with the most memory beside that; 0 where there are not two.</param>
[GenerateSerializer, Alias("layerbench.FleetShare")]
public sealed record FleetShare(int Devices, string Kind, long LargestMemoryBytes, long SecondMemoryBytes)
{
    /// <summary>The fleet offers the sweep to devices that are free.</summary>
    [Id(0)]
    public bool IsOffered { get; init; }

    /// <summary>Such devices beside these, of nodes that were lost lately and are expected back.</summary>
    [Id(1)]
    public int Missing { get; init; }
}

/// <param name="Draining">Its devices get no more work.</param>
/// <param name="Busy">Which of its devices work for which sweep.</param>
[GenerateSerializer, Alias("layerbench.NodeStatus")]
public sealed record NodeStatus(
    NodeInfo Node,
    DateTimeOffset LastHeard,
    bool Draining,
    IReadOnlyDictionary<DeviceId, SweepId> Busy
)
{
    /// <summary>Sweeps that want devices and are offered none of this node's, or not all, and why.</summary>
    [Id(0)]
    public IReadOnlyDictionary<SweepId, string> Refusals { get; init; } = new Dictionary<SweepId, string>();
}

/// <summary>A node that has joined, has not left, is not to drain, and is not heard of.</summary>
/// <param name="Since">When it was last heard of; by a fleet that was itself lost meanwhile, when that began anew.</param>
/// <param name="Devices">How many it had, by kind.</param>
[GenerateSerializer, Alias("layerbench.LostNode")]
public sealed record LostNode(string Name, DateTimeOffset Since, IReadOnlyDictionary<string, int> Devices);

/// <param name="Since">When it was activated first; of equals the older goes first.</param>
[GenerateSerializer, Alias("layerbench.ActiveSweep")]
public sealed record ActiveSweep(SweepId Id, SweepTerms Terms, DateTimeOffset Since)
{
    [Id(0)]
    public SweepNeeds Needs { get; init; } = SweepNeeds.Nothing;
}

/// <summary>Where a free device asks for work.</summary>
/// <param name="Draining">It asks nowhere.</param>
/// <param name="Sweeps">In this order.</param>
[GenerateSerializer, Immutable, Alias("layerbench.FleetOrders")]
public sealed record FleetOrders(bool Draining, IReadOnlyList<SweepId> Sweeps)
{
    /// <summary>The fleet has not heard of the device's node, or not since it was lost: a heartbeat first.</summary>
    [Id(0)]
    public bool Unheard { get; init; }

    /// <summary>Why sweeps that want devices are not among them; of several reasons the one that most deserves a look.</summary>
    [Id(2)]
    public Withheld Withheld { get; init; }
}

/// <summary>Why a device is not offered a sweep.</summary>
[GenerateSerializer]
public enum Withheld
{
    /// <summary>It is offered all that there are.</summary>
    None,

    /// <summary>The sweep wants other devices, and there are such.</summary>
    NotSelected,

    /// <summary>The sweep has as many devices as it may have.</summary>
    Limit,

    /// <summary>The node lacks what the sweep needs, or no device that is there may work for it.</summary>
    Unfit,
}
