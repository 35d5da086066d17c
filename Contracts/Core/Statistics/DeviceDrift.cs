using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>
/// How far a device moved between two runs, by what limits it: the product of matrices tells of its arithmetic, the triad
/// of its memory. The two do not move together (a neighbour that fills the memory bus leaves a product in caches alone),
/// so a variant is held against the one that limits it.
/// </summary>
/// <param name="Compute">By the product of matrices.</param>
/// <param name="Memory">By the triad.</param>
/// <param name="Ridge">
/// FLOPs per byte at which the two limits meet: the roofline's ridge (Williams, Waterman and Patterson 2009), of both runs'
/// median rates; null where one of them is unknown.
/// </param>
public sealed record DeviceDrift(RunDrift Compute, RunDrift Memory, double? Ridge)
{
    /// <summary>Within this factor of the ridge either may limit.</summary>
    public const double Near = 4;

    /// <summary>Of the canary that moved furthest; <see cref="RunDrift.Unknown"/> where neither is known.</summary>
    public RunDrift Furthest =>
        Compute == RunDrift.Unknown ? Memory
        : Memory == RunDrift.Unknown ? Compute
        : new(Math.Max(Compute.Seen, Memory.Seen), Math.Max(Compute.Most, Memory.Most));

    /// <param name="before">Of one device.</param>
    /// <param name="after">Of the same device.</param>
    public static DeviceDrift Between(IReadOnlyList<CanaryRecord> before, IReadOnlyList<CanaryRecord> after)
    {
        var gemm = (RunDrift.Logs(before, c => c.GemmFlopsPerSecond), RunDrift.Logs(after, c => c.GemmFlopsPerSecond));
        var triad = (
            RunDrift.Logs(before, c => c.TriadBytesPerSecond),
            RunDrift.Logs(after, c => c.TriadBytesPerSecond)
        );
        return new(
            RunDrift.Between(gemm),
            RunDrift.Between(triad),
            Ratio([.. gemm.Item1, .. gemm.Item2], [.. triad.Item1, .. triad.Item2])
        );
    }

    /// <summary>What a variant's time is held against; the furthest where its work is not known or lies near the ridge.</summary>
    /// <param name="flops">Of one iteration.</param>
    /// <param name="bytes">Least bytes of one iteration.</param>
    public RunDrift Of(double? flops, double? bytes) =>
        flops / bytes / Ridge is { } distance && double.IsFinite(distance)
            ? distance >= Near && Compute != RunDrift.Unknown
                ? Compute
                : distance <= 1 / Near && Memory != RunDrift.Unknown
                    ? Memory
                    : Furthest
            : Furthest;

    private static double? Ratio(double[] gemm, double[] triad) =>
        gemm.Length == 0 || triad.Length == 0 ? null : Math.Exp(Quantiles.Median(gemm) - Quantiles.Median(triad));
}
