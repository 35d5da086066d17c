using Layerbench.Core;
using Layerbench.Core.Scheduling;

namespace Layerbench.Cluster;

/// <summary>
/// One device; its key is a <see cref="DeviceKey"/>, and it is activated on the silo of the node that has the device.
/// It asks for work, runs it on a task of its own, renews and tells; its calls return at once.
/// </summary>
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>Works from now on; one that works already and waits asks at once. Its node calls this with every heartbeat.</summary>
    Task Work();

    /// <summary>Asks for no more work and ends the slice in flight after its launch.</summary>
    Task Drain();

    /// <summary>The slice of this sweep that it has in flight; null: none. Asked by who takes the sweep over.</summary>
    Task<SliceClaim?> Claim(SweepId sweep);

    /// <summary>Its slice in flight is taken over: what it writes of it is kept from now on under this epoch.</summary>
    Task Adopted(LeaseToken token, long epoch);

    /// <summary>What it does now.</summary>
    Task<DeviceActivity> Activity();
}

/// <summary>A device in the cluster: <c>node/device</c>.</summary>
/// <param name="Node">Has no slash.</param>
[GenerateSerializer, Alias("layerbench.DeviceKey")]
public readonly record struct DeviceKey(string Node, DeviceId Device)
{
    /// <exception cref="FormatException">There is no slash.</exception>
    public static DeviceKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1
            ? new DeviceKey(text[..slash], new DeviceId(text[(slash + 1)..]))
            : throw new FormatException(
                $"'{text}' names no device of the cluster; it is 'node/device', e.g. 'a/cuda:0'."
            );
    }

    /// <summary>The device under the id by which the whole cluster knows it.</summary>
    public DeviceInfo Named(DeviceInfo device) => device with { Id = new DeviceId(ToString()) };

    public override string ToString() => $"{Node}/{Device}";
}

/// <param name="Sweep">For which it works; null: for none.</param>
/// <param name="Token">Of the slice in flight, or null.</param>
/// <param name="Draining">It takes no more work.</param>
[GenerateSerializer, Alias("layerbench.DeviceActivity")]
public sealed record DeviceActivity(SweepId? Sweep, LeaseToken? Token, bool Draining)
{
    public static DeviceActivity Idle { get; } = new(null, null, false);
}
