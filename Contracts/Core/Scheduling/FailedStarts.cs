using System.Globalization;

namespace Layerbench.Core.Scheduling;

/// <summary>Devices on which the sweep's slices cannot be begun. One that can run them is enough for the sweep to go on.</summary>
internal sealed class FailedStarts
{
    /// <summary>Tries in a row, between which a device pauses longer each time, before it counts as one that cannot.</summary>
    private const int Tries = 5;

    private readonly Dictionary<DeviceId, int> failed = [];

    public void Forget(DeviceId device) => failed.Remove(device);

    /// <param name="devices">That may work for the sweep now.</param>
    /// <returns>Why the sweep stops; null where it goes on.</returns>
    public string? Note(DeviceId device, string reason, int devices)
    {
        failed[device] = failed.GetValueOrDefault(device) + 1;
        return failed.Values.Count(n => n >= Tries) >= devices
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"its workers start on none of its {devices} devices, after {Tries} tries on each; the last was {device}: {reason}; repair that, then start the sweep again"
            )
            : null;
    }
}
