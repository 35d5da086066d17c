using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Silo;

/// <summary>
/// The node's devices, from configured patterns. The one place that decides what a node has: discovery of CPUs and GPUs
/// goes here.
/// </summary>
internal static class NodeDevices
{
    private const string Simulated = "simulated:";
    private const int MaximumSimulated = 1000;
    private const long SimulatedMemoryBytes = 80L << 30;

    public static (IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<string> Errors) Resolve(
        IReadOnlyList<string> patterns
    )
    {
        var devices = new List<DeviceInfo>();
        var errors = new List<string>();
        foreach (var pattern in patterns)
        {
            if (Count(pattern) is { } count)
            {
                devices.AddRange(Enumerable.Range(devices.Count, count).Select(One));
                continue;
            }

            errors.Add(
                $"Devices: '{pattern}' is no device that a silo can have yet; give simulated:N, N from 1 to {MaximumSimulated}"
            );
        }

        return errors.Count > 0 ? ([], errors) : (devices, errors);
    }

    private static int? Count(string pattern) =>
        pattern.StartsWith(Simulated, StringComparison.Ordinal)
        && int.TryParse(pattern[Simulated.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= MaximumSimulated
            ? count
            : null;

    private static DeviceInfo One(int number) =>
        new(
            new DeviceId(string.Create(CultureInfo.InvariantCulture, $"{Simulated}{number}")),
            "simulated",
            "simulated device",
            [],
            SimulatedMemoryBytes
        );
}
