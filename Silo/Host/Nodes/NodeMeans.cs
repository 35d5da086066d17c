using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Silo.Nodes;

/// <summary>What a node can measure with: its devices, and the workers that are installed on it.</summary>
public sealed record NodeMeans(IReadOnlyList<DeviceInfo> Devices, WorkerCatalog Workers)
{
    /// <summary>Devices as configured, and no worker but the simulated one: nothing is looked for.</summary>
    public static NodeMeans WithoutWorkers(SiloSettings settings) =>
        new(DevicesOf(settings), new WorkerCatalog([Simulated([])]));

    /// <summary>Looks for the workers, and asks each for its description.</summary>
    public static async Task<NodeMeans> FindAsync(SiloSettings settings) =>
        new(DevicesOf(settings), await WorkerCatalog.DiscoverAsync(WorkerSearch.Default));

    /// <summary>The devices that the settings name; they were checked when the settings were read.</summary>
    public static IReadOnlyList<DeviceInfo> DevicesOf(SiloSettings settings) =>
        NodeDevices.Resolve(settings.Devices).Devices;

    /// <summary>What the node says of itself.</summary>
    /// <param name="silo">The address of its silo.</param>
    public NodeInfo InfoOf(SiloSettings settings, string silo) =>
        new(settings.Node, silo, Devices)
        {
            Version = settings.Version,
            Workers = Workers.Variants.Backends.ToDictionary(b => b.Backend, CatalogHash.Of, StringComparer.Ordinal),
        };

    private static BackendStatus Simulated(IReadOnlyList<BackendInfo> beside) =>
        new(SimulatedBackend.Name, null, SimulatedBackend.Describe(beside), null, null);
}
