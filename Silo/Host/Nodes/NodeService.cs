using Layerbench.Cluster;
using Layerbench.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Layerbench.Silo.Nodes;

/// <summary>
/// Keeps the node in the fleet and its devices at work, and takes both out again when the process is told to stop: before
/// anything else of it stops, so that meanwhile the silo lives and health is answered.
/// </summary>
internal sealed partial class NodeService(
    NodeInfo node,
    NodeMeans means,
    NodeStanding standing,
    SiloSettings settings,
    IGrainFactory grains,
    IOptions<ClusterTimes> times,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<NodeService> logger
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>The fleet knows the devices of this name as this silo's; else they are another's, or nobody's yet.</summary>
    private volatile bool hasItsName;

    /// <summary>Another silo had the name when the fleet was asked last.</summary>
    private string? nameTaken;

    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(IFleetGrain.Key);

    private IEnumerable<IDeviceGrain> Devices =>
        node.Devices.Select(d => grains.GetGrain<IDeviceGrain>(new DeviceKey(node.Name, d.Id).ToString()));

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        standing.Stopping = true;
        LogDraining(node.Name);
        var since = time.GetTimestamp();
        if (hasItsName)
        {
            await TriedAsync(() => Task.WhenAll(Devices.Select(d => d.Drain())));
        }

        while (hasItsName && await AnyBusyAsync() && time.GetElapsedTime(since) < settings.Grace)
        {
            await Task.Delay(lookAgain, time, cancellationToken);
        }

        await StopAsync(cancellationToken);
        await TriedAsync(() => Fleet.Leave(node.Name, node.Silo));
        standing.Joined = false;
        LogLeft(node.Name, time.GetElapsedTime(since).TotalSeconds);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(times.Value.Heartbeat, time);
        LogJoining(node.Name, node.Silo, node.Devices.Count);
        var heard = time.GetTimestamp();
        var hasJoined = false;
        do
        {
            if (await TriedAsync(HeartbeatAsync) && hasItsName)
            {
                heard = time.GetTimestamp();
                hasJoined = true;
            }
            else if (time.GetElapsedTime(heard) >= times.Value.NodeTimeout)
            {
                standing.Joined = false; // the fleet counts it no more
            }

            // A predecessor that was killed has its name no longer than that.
            if (!hasJoined && nameTaken is not null && time.GetElapsedTime(heard) >= 2 * times.Value.NodeTimeout)
            {
                standing.Refusal = nameTaken;
                lifetime.StopApplication();
                return;
            }

            if (hasItsName && !standing.Stopping)
            {
                await TriedAsync(() => Task.WhenAll(Devices.Select(d => d.Work())));
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task HeartbeatAsync()
    {
        var answer = await Fleet.Heartbeat(node);
        nameTaken = answer.NameTaken;
        hasItsName = nameTaken is null;
        if (nameTaken is not null)
        {
            LogNameTaken(nameTaken);
            return;
        }

        standing.Joined = true;
        standing.Draining = answer.Draining;
        if (answer.Describe)
        {
            await Fleet.Describe(means.Workers.Variants.Backends);
        }
    }

    private async Task<bool> AnyBusyAsync()
    {
        var busy = false;
        await TriedAsync(async () =>
        {
            var activities = await Task.WhenAll(Devices.Select(d => d.Activity()));
            busy = activities.Any(a => a.Token is not null);
        });
        return busy;
    }

    /// <summary>A call that fails is made again with the next heartbeat.</summary>
    /// <returns>False: it failed.</returns>
    private async Task<bool> TriedAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(times.Value.Call, time);
            return true;
        }
        catch (Exception error)
        {
            LogCallFailed(error, node.Name);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Node {Node} joins as silo {Silo} with {Devices} devices")]
    private partial void LogJoining(string node, string silo, int devices);

    [LoggerMessage(2, LogLevel.Warning, "Node {Node} could not reach the fleet or a device; it tries again")]
    private partial void LogCallFailed(Exception error, string node);

    [LoggerMessage(3, LogLevel.Information, "Node {Node} drains")]
    private partial void LogDraining(string node);

    [LoggerMessage(4, LogLevel.Information, "Node {Node} left after {Seconds:F1} s")]
    private partial void LogLeft(string node, double seconds);

    [LoggerMessage(5, LogLevel.Warning, "Not counted: {Why}")]
    private partial void LogNameTaken(string why);
}
