using Layerbench.Cluster;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Layerbench.Grains.Devices;

/// <summary>
/// Places a device's grain on the silo of the node that has the device. Each silo's metadata names its node; Orleans' own
/// filters would compare with the caller's silo. With no such silo the call throws: the device is not there.
/// </summary>
internal sealed class DevicePlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <summary>Under which key a silo's metadata names its node.</summary>
    public const string NodeMetadata = "layerbench.node";

    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy,
        PlacementTarget target,
        IEnumerable<SiloAddress> silos
    )
    {
        var node = DeviceKey.Parse(target.GrainIdentity.Key.ToString()!).Node;
        return silos.Where(s =>
            metadata.GetSiloMetadata(s).Metadata.TryGetValue(NodeMetadata, out var name)
            && string.Equals(name, node, StringComparison.Ordinal)
        );
    }
}

internal sealed class DevicePlacementStrategy : PlacementFilterStrategy
{
    public DevicePlacementStrategy()
        : base(order: 0) { }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class DevicePlacementAttribute() : PlacementFilterAttribute(new DevicePlacementStrategy());
