using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Engines;
using Layerbench.Grains.Devices;
using Layerbench.Metrics.Fleet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Layerbench.Grains.Fleet;

/// <inheritdoc cref="IFleetGrain"/>
[Immovable]
internal sealed partial class FleetGrain(
    [PersistentState("fleet", GrainStorageName.Value)] IPersistentState<FleetMemory> memory,
    [PersistentState("shares", GrainStorageName.Value)] IPersistentState<SharesMemory> shares,
    LiveNodes live,
    FleetBoard board,
    IOptions<ClusterTimes> times,
    TimeProvider time,
    ILogger<FleetGrain> logger
) : Grain, IFleetGrain
{
    private readonly FleetState state = new(times.Value.NodeTimeout);
    private readonly Dictionary<string, DateTimeOffset> heard = new(StringComparer.Ordinal);
    private DateTimeOffset activeSince;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        memory.State.Sweeps.ForEach(state.Activate);
        memory.State.Draining.ForEach(n => state.Drain(n, true));
        GoOnWithShares();
        activeSince = time.GetUtcNow();
        this.RegisterGrainTimer(
            static (grain, _) => grain.ShowAsync(),
            this,
            new GrainTimerCreationOptions(TimeSpan.Zero, times.Value.Heartbeat) { KeepAlive = true }
        );
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        board.Show([], []);
        return KeepSharesAsync(cancellationToken);
    }

    public async Task<HeartbeatAnswer> Heartbeat(NodeInfo node)
    {
        if (live.IsDead(node.Silo))
        {
            throw new InvalidOperationException(
                $"Silo {node.Silo} was declared dead, so node '{node.Name}' is not counted; the silo ends when it learns so."
            );
        }

        // Before its time is over: a node that was killed comes back, also at other ports, under its name.
        state.Forget(live.IsDead);
        if (state.Hear(node, time.GetUtcNow()) is { } taken)
        {
            return new HeartbeatAnswer(Draining: false, Describe: false) { NameTaken = taken };
        }

        heard[node.Name] = time.GetUtcNow();
        if (!memory.State.Known.Exists(k => k.Has(node)))
        {
            memory.State.Known.RemoveAll(k => k.Name == node.Name);
            memory.State.Known.Add(KnownNode.Of(node));
            await this.KeepAsync(memory);
        }

        return new HeartbeatAnswer(state.IsDraining(node.Name), state.LacksWorkersOf(node));
    }

    public Task Describe(IReadOnlyList<BackendInfo> workers)
    {
        state.Describe(workers, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<FleetCatalog> Catalog() => Task.FromResult(state.Catalog(time.GetUtcNow()));

    public Task<FleetShare> Share(ActiveSweep sweep) => Task.FromResult(state.Share(sweep, time.GetUtcNow()));

    public async Task Leave(string node, string silo)
    {
        if (state.Leave(node, silo) && memory.State.Known.RemoveAll(k => k.Name == node) > 0)
        {
            await this.KeepAsync(memory);
        }
    }

    public async Task Drain(string node, bool drain)
    {
        memory.State.Draining.Remove(node);
        if (drain)
        {
            memory.State.Draining.Add(node);
        }

        await this.KeepAsync(memory);
        state.Drain(node, drain);
        await Wake();
    }

    public Task<IReadOnlyList<NodeStatus>> Nodes() => Task.FromResult(state.Nodes(time.GetUtcNow()));

    public Task<IReadOnlyList<LostNode>> Lost() =>
        Task.FromResult<IReadOnlyList<LostNode>>([
            .. Missing(state.Nodes(time.GetUtcNow()))
                .OrderBy(k => k.Name, StringComparer.Ordinal)
                .Select(k => new LostNode(k.Name, heard.GetValueOrDefault(k.Name, activeSince), k.Devices)),
        ]);

    public Task<IReadOnlyList<UserShare>> Users() => Task.FromResult(state.Users(time.GetUtcNow()));

    public async Task Activate(ActiveSweep sweep)
    {
        memory.State.Sweeps.RemoveAll(s => s.Id == sweep.Id);
        memory.State.Sweeps.Add(sweep);
        await this.KeepAsync(memory);
        state.Activate(sweep);
        await Wake();
    }

    public async Task Retire(SweepId sweep)
    {
        if (memory.State.Sweeps.RemoveAll(s => s.Id == sweep) > 0)
        {
            await this.KeepAsync(memory);
            state.Retire(sweep);
        }
    }

    public Task<IReadOnlyList<ActiveSweep>> Sweeps() => Task.FromResult(state.Order(time.GetUtcNow()));

    public Task<FleetOrders> Ask(DeviceKey device) => Task.FromResult(state.Ask(device, time.GetUtcNow()));

    public Task Busy(DeviceKey device, SweepId sweep)
    {
        state.Busy(device, sweep, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task Wake()
    {
        foreach (var node in state.Nodes(time.GetUtcNow()).Select(n => n.Node))
        {
            foreach (var device in node.Devices)
            {
                // Not awaited: a silo that is gone must not hold up the fleet, and devices ask by themselves as well.
                GrainFactory.GetGrain<IDeviceGrain>(new DeviceKey(node.Name, device.Id).ToString()).Work().Ignore();
            }
        }

        return Task.CompletedTask;
    }

    private Task ShowAsync()
    {
        var now = time.GetUtcNow();
        var alive = state.Nodes(now);
        board.Show(FleetFigures.Of(alive, Missing(alive)), FleetFigures.Bounded(state.Users(now)));
        return Task.CompletedTask;
    }

    /// <summary>A node that is to drain and is gone is not missed, and none before it has had its time to be heard.</summary>
    private IEnumerable<KnownNode> Missing(IReadOnlyList<NodeStatus> alive) =>
        time.GetUtcNow() - activeSince < times.Value.NodeTimeout
            ? []
            : memory.State.Known.Where(k => !state.IsDraining(k.Name) && alive.All(n => n.Node.Name != k.Name));
}

/// <summary>What the fleet keeps in grain storage.</summary>
[GenerateSerializer, Alias("layerbench.FleetMemory")]
internal sealed class FleetMemory
{
    [Id(0)]
    public List<ActiveSweep> Sweeps { get; set; } = [];

    [Id(1)]
    public List<string> Draining { get; set; } = [];

    /// <summary>Nodes that have joined and not left, to be missed also by an activation that has never heard of them.</summary>
    [Id(2)]
    public List<KnownNode> Known { get; set; } = [];
}
