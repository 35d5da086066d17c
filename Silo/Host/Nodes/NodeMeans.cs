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

    /// <summary>SHA-256 of the plug-ins that its workers have loaded.</summary>
    public IReadOnlyList<string> PlugIns { get; init; } = [];

    /// <summary>Looks for the workers, and asks each for its description.</summary>
    /// <exception cref="InvalidDataException">A plug-in does not load, or its worker cannot be used.</exception>
    public static async Task<NodeMeans> FindAsync(SiloSettings settings)
    {
        var plugIns = NodePlugIns.Take(settings.PlugIns);
        var search = WorkerSearch.Default with { ExtraVariants = PlugInFile.Extra(plugIns) };
        var workers = await WorkerCatalog.DiscoverAsync(search);
        return PlugInFile.Problems(plugIns, workers).FirstOrDefault() is { } problem
            ? throw new InvalidDataException($"{SiloSettings.Section}:PlugIns: {problem}")
            : new(DevicesOf(settings), workers) { PlugIns = [.. plugIns.Select(p => p.Sha256)] };
    }

    /// <summary>The devices that the settings name; they were checked when the settings were read.</summary>
    public static IReadOnlyList<DeviceInfo> DevicesOf(SiloSettings settings) =>
        NodeDevices.Resolve(settings.Devices).Devices;

    /// <summary>What the node says of itself.</summary>
    /// <param name="silo">The address of its silo.</param>
    public NodeInfo InfoOf(SiloSettings settings, string silo) =>
        new(settings.Node, silo, Devices)
        {
            Version = settings.Version,
            PlugIns = PlugIns,
            Workers = Workers.Variants.Backends.ToDictionary(b => b.Backend, CatalogHash.Of, StringComparer.Ordinal),
        };

    private static BackendStatus Simulated(IReadOnlyList<BackendInfo> beside) =>
        new(SimulatedBackend.Name, null, SimulatedBackend.Describe(beside), null, null);
}
