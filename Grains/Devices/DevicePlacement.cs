using Layerbench.Cluster;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Layerbench.Grains.Devices;

/// <summary>
/// Places a device's grain on the silo of the node that has the device: the one that has the node's name in the membership
/// table. With no such silo the call throws: the device is not there.
/// </summary>
internal sealed class DevicePlacementDirector(LiveNodes nodes) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy,
        PlacementTarget target,
        IEnumerable<SiloAddress> silos
    )
    {
        var node = DeviceKey.Parse(target.GrainIdentity.Key.ToString()!).Node;
        // Of two, the older was killed and is not declared dead yet.
        return silos.Where(s => nodes.IsOf(s, node)).OrderByDescending(s => s.Generation).Take(1);
    }
}

internal sealed class DevicePlacementStrategy : PlacementFilterStrategy
{
    public DevicePlacementStrategy()
        : base(order: 0) { }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class DevicePlacementAttribute() : PlacementFilterAttribute(new DevicePlacementStrategy());
