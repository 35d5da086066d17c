using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Grains.Devices;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Layerbench.Grains.Fleet;

/// <inheritdoc cref="IFleetGrain"/>
[Immovable]
internal sealed class FleetGrain(
    [PersistentState("fleet", GrainStorageName.Value)] IPersistentState<FleetMemory> memory,
    LiveNodes live,
    IOptions<ClusterTimes> times,
    TimeProvider time
) : Grain, IFleetGrain
{
    private readonly FleetState state = new(times.Value.NodeTimeout);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        memory.State.Sweeps.ForEach(state.Activate);
        memory.State.Draining.ForEach(n => state.Drain(n, true));
        return Task.CompletedTask;
    }

    public Task<HeartbeatAnswer> Heartbeat(NodeInfo node)
    {
        // Before its time is over: a node that was killed comes back, also at other ports, under its name.
        state.Forget(live.IsDead);
        state.Hear(node, time.GetUtcNow());
        return Task.FromResult(new HeartbeatAnswer(state.IsDraining(node.Name), state.LacksWorkersOf(node)));
    }

    public Task Describe(IReadOnlyList<BackendInfo> workers)
    {
        state.Describe(workers, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<FleetCatalog> Catalog() => Task.FromResult(state.Catalog(time.GetUtcNow()));

    public Task<FleetShare> Share(ActiveSweep sweep) => Task.FromResult(state.Share(sweep, time.GetUtcNow()));

    public Task Leave(string node, string silo)
    {
        state.Leave(node, silo);
        return Task.CompletedTask;
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
}

/// <summary>What the fleet keeps in grain storage.</summary>
[GenerateSerializer, Alias("layerbench.FleetMemory")]
internal sealed class FleetMemory
{
    [Id(0)]
    public List<ActiveSweep> Sweeps { get; set; } = [];

    [Id(1)]
    public List<string> Draining { get; set; } = [];
}
