using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Layerbench.Grains.Devices;

/// <summary>Which nodes have a silo, by Orleans' own membership as this silo knows it; asking costs no call.</summary>
internal sealed class LiveNodes(ISiloStatusOracle membership, ISiloMetadataCache metadata)
{
    /// <summary>Nodes that are known to have a silo.</summary>
    public IEnumerable<string> Names() => Alive().OfType<string>();

    /// <summary>
    /// Whether no silo of this node is alive. False while it is not known of a silo which node it is, as when it has just
    /// joined: leases end by themselves, so nothing hangs on being told at once.
    /// </summary>
    public bool IsGone(string node) =>
        Alive().All(n => n is not null && !string.Equals(n, node, StringComparison.Ordinal));

    /// <summary>The node of each silo that is alive; null where that is not known yet.</summary>
    private IEnumerable<string?> Alive() =>
        membership
            .GetApproximateSiloStatuses()
            .Where(s => s.Value is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
            .Select(s =>
                metadata.GetSiloMetadata(s.Key).Metadata.GetValueOrDefault(DevicePlacementDirector.NodeMetadata)
            );
}
