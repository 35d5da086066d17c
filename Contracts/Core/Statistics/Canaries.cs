using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>What the device's rate at a launch's end was, as a ratio of that at its start: below 1 it became slower.</summary>
public readonly record struct CanaryDrift(double Gemm, double? Triad);

/// <summary>How steady the device was within launches: last ÷ first, at the median and where it was furthest from 1.</summary>
/// <param name="Launches">That have both ends.</param>
/// <param name="TriadMedian">Null, as the worst, where no launch has triads at both ends.</param>
public readonly record struct DriftSummary(
    int Launches,
    double GemmMedian,
    double GemmWorst,
    double? TriadMedian,
    double? TriadWorst
)
{
    /// <summary>Beyond this within one launch the device was not the same at both ends.</summary>
    public const double Much = 0.05;

    public bool IsMuch => IsBeyond(GemmWorst) || (TriadWorst is { } triad && IsBeyond(triad));

    private static bool IsBeyond(double ratio) => Math.Max(ratio, 1 / ratio) > 1 + Much;
}

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

    /// <summary>Null where no launch has both ends.</summary>
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

    private static double Worst(double[] ratios) => ratios.MaxBy(r => Math.Max(r, 1 / r));

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
