using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Layerbench.Grains.Devices;

/// <summary>Which nodes have a silo, by Orleans' own membership as this silo knows it; asking costs no call.</summary>
internal sealed class LiveNodes(ISiloStatusOracle membership, ISiloMetadataCache metadata)
{
    /// <summary>
    /// Whether no silo of this node is alive. False while it is not known of a silo which node it is, as when it has just
    /// joined: leases end by themselves, so nothing hangs on being told at once.
    /// </summary>
    public bool IsGone(string node)
    {
        foreach (var (silo, status) in membership.GetApproximateSiloStatuses())
        {
            if (status is not (SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping))
            {
                continue;
            }

            if (
                !metadata.GetSiloMetadata(silo).Metadata.TryGetValue(DevicePlacementDirector.NodeMetadata, out var name)
                || string.Equals(name, node, StringComparison.Ordinal)
            )
            {
                return false;
            }
        }

        return true;
    }
}
