using Layerbench.Cluster;
using Layerbench.Core.Results;
using Layerbench.Grains.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Serialization;

namespace Layerbench.Grains;

/// <summary>What a silo needs for the engine's grains.</summary>
public static class ClusterSilo
{
    /// <summary>
    /// Adds the codec of the core's records, the placement of devices and the periods. The host still registers
    /// <see cref="NodeInfo"/> (which names its devices), <see cref="IResultStore"/>, <see cref="ISweepPlanner"/>,
    /// <see cref="ISliceRunners"/>, and grain storage under <see cref="GrainStorageName"/>.
    /// </summary>
    public static ISiloBuilder AddLayerbenchGrains(this ISiloBuilder silo, string nodeName, ClusterTimes times)
    {
        // The membership table carries it, so every silo knows every other's node without a call.
        silo.Configure<SiloOptions>(o => o.SiloName = nodeName);
        silo.Services.AddSerializer(s => s.AddCoreRecords());
        silo.Services.AddPlacementFilter<DevicePlacementStrategy, DevicePlacementDirector>(ServiceLifetime.Transient);
        silo.Services.AddSingleton<LiveNodes>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(Options.Create(times));
        // Not more than a device waits for: a caller that has given up leaves nothing behind for half a minute.
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = 2 * times.Call);
        return silo;
    }
}
