using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>What the device's rate at a launch's end was, as a ratio of that at its start: below 1 it became slower.</summary>
public readonly record struct CanaryDrift(double Gemm, double? Triad);

/// <summary>What canaries say of a device.</summary>
public static class Canaries
{
    /// <summary>Of each launch that has both, by its start; absurd rates (not positive, not finite) are left out.</summary>
    public static IReadOnlyList<CanaryDrift> Drifts(IEnumerable<CanaryRecord> canaries) =>
        [
            .. canaries
                .Where(IsRate)
                .GroupBy(c => (c.Device, c.Launch))
                .OrderBy(g => g.Key.Launch)
                .ThenBy(g => g.Key.Device.Value, StringComparer.Ordinal)
                .Select(g => (First: Find(g, CanaryPlace.First), Last: Find(g, CanaryPlace.Last)))
                .Where(p => p is { First: not null, Last: not null })
                .Select(p => new CanaryDrift(
                    p.Last!.GemmFlopsPerSecond / p.First!.GemmFlopsPerSecond,
                    p.Last.TriadBytesPerSecond / p.First.TriadBytesPerSecond
                )),
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

    private static CanaryRecord? Find(IEnumerable<CanaryRecord> launch, CanaryPlace place) =>
        launch.FirstOrDefault(c => c.Place == place);

    private static bool IsRate(CanaryRecord canary) =>
        IsRate(canary.GemmFlopsPerSecond) && (canary.TriadBytesPerSecond is not { } triad || IsRate(triad));

    private static bool IsRate(double value) => value > 0 && double.IsFinite(value);
}
