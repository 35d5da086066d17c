using Layerbench.Cluster;
using Layerbench.Core.Catalog;

namespace Layerbench.Grains.Fleet;

/// <summary>What the fleet's workers say of themselves, by hash; pure.</summary>
internal sealed class WorkerBook
{
    private readonly Dictionary<string, BackendInfo> described = new(StringComparer.Ordinal);

    public bool Lacks(NodeInfo node) => node.Workers.Values.Any(hash => !described.ContainsKey(hash));

    /// <summary>Keeps these, and forgets what none of the nodes has.</summary>
    public void Keep(IEnumerable<BackendInfo> workers, IReadOnlyCollection<NodeInfo> nodes)
    {
        foreach (var worker in workers)
        {
            described[CatalogHash.Of(worker)] = worker;
        }

        var had = nodes.SelectMany(n => n.Workers.Values).ToHashSet(StringComparer.Ordinal);
        foreach (var hash in described.Keys.Where(h => !had.Contains(h)).ToList())
        {
            described.Remove(hash);
        }
    }

    /// <summary>Of the version that has most devices, for each backend the description that most devices have.</summary>
    public FleetCatalog Catalog(IReadOnlyCollection<NodeInfo> nodes)
    {
        var version = Most(nodes, n => n.Version);
        if (version is null)
        {
            return new FleetCatalog("", []);
        }

        var alike = nodes.Where(n => string.Equals(n.Version, version, StringComparison.Ordinal)).ToList();
        return new FleetCatalog(
            version,
            [
                .. alike
                    .SelectMany(n => n.Workers.Keys)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(backend => Described(backend, alike))
                    .OfType<BackendInfo>(),
            ]
        )
        {
            PlugIns = [.. alike.Select(n => n.PlugIns).Where(p => p.Count > 0)],
        };
    }

    private BackendInfo? Described(string backend, IEnumerable<NodeInfo> nodes)
    {
        var having = nodes.Where(n => n.Workers.TryGetValue(backend, out var hash) && described.ContainsKey(hash));
        return Most([.. having], n => n.Workers[backend]) is { } hash ? described[hash] : null;
    }

    /// <summary>What most devices have; of equals what most nodes have, then the later by name.</summary>
    private static string? Most(IReadOnlyCollection<NodeInfo> nodes, Func<NodeInfo, string> what) =>
        nodes
            .GroupBy(what, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(n => (long)n.Devices.Count))
            .ThenByDescending(g => g.Count())
            .ThenByDescending(g => g.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Key;
}
