using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics.Fleet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Layerbench.Grains.Devices;

/// <inheritdoc cref="IDeviceGrain"/>
/// <remarks>The work is <see cref="DeviceLoop"/>'s, which runs beside the grain: no turn ever waits for it.</remarks>
[Immovable, DevicePlacement]
internal sealed class DeviceGrain(
    NodeInfo node,
    ISliceRunners runners,
    DeviceBoard board,
    IOptions<ClusterTimes> times,
    TimeProvider time,
    ILogger<DeviceLoop> logger
) : Grain, IDeviceGrain, IAsyncDisposable
{
    private DeviceLoop? loop;
    private DeviceKey key;
    private DeviceInfo? device;
    private bool drained;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = DeviceKey.Parse(this.GetPrimaryKeyString());
        device =
            node.Devices.FirstOrDefault(d => d.Id == key.Device && key.Node == node.Name)
            ?? throw new InvalidOperationException(
                $"Device '{key}' is none of node '{node.Name}', which has {string.Join(", ", node.Devices.Select(d => d.Id))}."
            );

        // A task of its own does not keep an activation alive; a timer that does keeps this one, and its only one, here.
        this.RegisterGrainTimer(
            static (_, _) => Task.CompletedTask,
            this,
            new GrainTimerCreationOptions(times.Value.Heartbeat, times.Value.Heartbeat) { KeepAlive = true }
        );
        return Task.CompletedTask;
    }

    public async Task Work()
    {
        if (drained)
        {
            return; // a call that was on its way when the node was told to stop
        }

        if (loop is { IsRunning: true })
        {
            loop.Wake();
            return;
        }

        if (loop is not null)
        {
            await loop.DisposeAsync(); // it has ended, so this does not wait
        }

        var clock = board.Of(key.Named(device!).Id);
        loop = new DeviceLoop(key, node, device!, GrainFactory, runners, clock, times.Value, time, logger);
        loop.Start();
    }

    public Task Drain()
    {
        drained = true;
        loop?.Drain();
        return Task.CompletedTask;
    }

    public Task<SliceClaim?> Claim(SweepId sweep) => Task.FromResult(loop?.Claim(sweep));

    public Task Adopted(LeaseToken token, long epoch)
    {
        loop?.Adopted(token, epoch);
        return Task.CompletedTask;
    }

    public Task<DeviceActivity> Activity() => Task.FromResult(loop?.Activity ?? DeviceActivity.Idle);

    /// <summary>The device stops before its grain is gone from the directory, or a second activation could run beside it.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (loop is not null)
        {
            await loop.DisposeAsync();
            loop = null;
        }
    }
}
