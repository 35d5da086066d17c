using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>A device's rates as a ratio of those that its canary before found: below 1 it became slower.</summary>
public readonly record struct CanaryDrift(double Gemm, double? Triad);

/// <summary>How steady the device was: each canary ÷ the one before it, at the median and where it was furthest from 1.</summary>
/// <param name="Pairs">Of canaries on one device and under one fingerprint.</param>
/// <param name="TriadMedian">Null, as the worst, where no pair has two triads.</param>
public readonly record struct DriftSummary(
    int Pairs,
    double GemmMedian,
    double GemmWorst,
    double? TriadMedian,
    double? TriadWorst
)
{
    /// <summary>Beyond this from one canary to the next the device was not the same at both.</summary>
    public const double Much = 0.05;

    /// <summary>The worst of either canary.</summary>
    public double Furthest => TriadWorst is { } triad && Away(triad) > Away(GemmWorst) ? triad : GemmWorst;

    public bool IsMuch => Away(Furthest) > 1 + Much;

    /// <summary>How far a ratio is from 1, whichever way: from 1 up.</summary>
    internal static double Away(double ratio) => Math.Max(ratio, 1 / ratio);
}

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

    /// <summary>Null where no device has two.</summary>
    public static DriftSummary? Summary(IEnumerable<CanaryRecord> canaries)
    {
        var drifts = Drifts(canaries);
        double[] gemm = [.. drifts.Select(d => d.Gemm)];
        double[] triad = [.. drifts.Select(d => d.Triad).OfType<double>()];
        return gemm.Length == 0
            ? null
            : new DriftSummary(
                gemm.Length,
                Quantiles.Median(gemm),
                Worst(gemm),
                triad.Length == 0 ? null : Quantiles.Median(triad),
                triad.Length == 0 ? null : Worst(triad)
            );
    }

    private static double Worst(double[] ratios) => ratios.MaxBy(DriftSummary.Away);

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
