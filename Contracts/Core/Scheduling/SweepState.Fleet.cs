using System.Globalization;

namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    private FleetSize fleet;

    /// <summary>Devices that may work for the sweep, as far as is known.</summary>
    public int Devices => Math.Min(fleet.Devices, MaximumDevices ?? int.MaxValue);

    /// <summary>One that is alone in a fleet that changes is not taken to stay so.</summary>
    private SharingDevices Sharing
    {
        get
        {
            var expected = Math.Max(fleet.Devices + fleet.Missing, options.FleetChanges ? 2 : 1);
            return new SharingDevices(Devices, Math.Min(expected, MaximumDevices ?? int.MaxValue));
        }
    }

    /// <summary>Most devices that have a lease at once; null: any number.</summary>
    public int? MaximumDevices { get; set; }

    /// <summary>The devices that may work for the sweep have changed: slices and what fits follow.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no device; a state that has none keeps what it knew.</exception>
    public void SeeFleet(FleetSize seen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seen.Devices, 1);
        fleet = seen;
        frontier.SeeLargest(seen.LargestMemoryBytes, waiting);
    }

    /// <summary>A device that asks is one of the fleet, whether or not it was seen before.</summary>
    private void SeeDevice(DeviceInfo device)
    {
        if (device.MemoryBytes > fleet.LargestMemoryBytes)
        {
            SeeFleet(fleet with { LargestMemoryBytes = device.MemoryBytes });
        }
    }

    /// <summary>Why the device gets none of the cells that wait; null where none do.</summary>
    private string? NoneForThis(DeviceInfo device)
    {
        var large = waiting.Count + lookedAt.Count + frontier.Ready;
        return large > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{large + crashed.Count} cells wait for a device with more memory than {FitReason.Size(device.MemoryBytes)}"
                )
            : crashed.Count > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{crashed.Count} cells that killed workers wait for another device"
                )
            : null;
    }

    private LeaseAnswer.Wait? AsManyAsItMay() =>
        leases.Count >= MaximumDevices
            ? new LeaseAnswer.Wait(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it is measured on as many devices as it may be ({MaximumDevices})"
                ),
                []
            )
            {
                Cause = WaitCause.Limit,
            }
            : null;
}
