using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>A device's rates as a ratio of those that its canary before found: below 1 it became slower.</summary>
public readonly record struct CanaryDrift(double Gemm, double? Triad);

/// <summary>What canaries say of a device.</summary>
public static class Canaries
{
    /// <summary>
    /// Of each canary but the first on its device and under its fingerprint, against the one before it, by device,
    /// fingerprint and time; absurd rates (not positive, not finite) are left out.
    /// </summary>
    public static IReadOnlyList<CanaryDrift> Drifts(IEnumerable<CanaryRecord> canaries) =>
        [
            .. canaries
                .Where(IsRate)
                .GroupBy(c => (Device: c.Device.Value, Fingerprint: c.Fingerprint.Value))
                .OrderBy(g => g.Key.Device, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Fingerprint, StringComparer.Ordinal)
                .Select(g => g.OrderBy(c => c.Launch).ThenBy(c => c.Place).ToList())
                .SelectMany(g =>
                    g.Zip(
                        g.Skip(1),
                        (before, after) =>
                            new CanaryDrift(
                                after.GemmFlopsPerSecond / before.GemmFlopsPerSecond,
                                after.TriadBytesPerSecond / before.TriadBytesPerSecond
                            )
                    )
                ),
        ];

    /// <summary>The greatest rates seen under each fingerprint: what its device can do when nothing is in its way.</summary>
    public static IReadOnlyDictionary<FingerprintId, DevicePeak> Peaks(IEnumerable<CanaryRecord> canaries) =>
        canaries
            .Where(IsRate)
            .GroupBy(c => c.Fingerprint)
            .ToDictionary(
                g => g.Key,
                g => new DevicePeak(g.Max(c => c.GemmFlopsPerSecond), g.Max(c => c.TriadBytesPerSecond))
            );

    private static bool IsRate(CanaryRecord canary) =>
        IsRate(canary.GemmFlopsPerSecond) && (canary.TriadBytesPerSecond is not { } triad || IsRate(triad));

    private static bool IsRate(double value) => value > 0 && double.IsFinite(value);
}
