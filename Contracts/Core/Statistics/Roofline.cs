namespace Layerbench.Core.Statistics;

/// <summary>What a device was measured to be able to do.</summary>
/// <param name="BytesPerSecond">Null where it was not measured.</param>
public readonly record struct DevicePeak(double FlopsPerSecond, double? BytesPerSecond);

/// <summary>
/// How near a variant comes to what its device can do: Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785.
/// Analytic work over measured time and measured peaks.
/// </summary>
/// <param name="ComputeRatio">FLOPs ÷ (time × peak FLOPs per second).</param>
/// <param name="MemoryRatio">Bytes ÷ (time × peak bytes per second). Data that fits in a cache may pass 1.</param>
public readonly record struct Roofline(double ComputeRatio, double? MemoryRatio)
{
    /// <summary>
    /// A canary's product is one size and one moment; another may run this much nearer to the peak that neither reaches.
    /// </summary>
    public const double Tolerance = 0.1;

    /// <summary>The share of the roof at this arithmetic intensity: of whichever limit binds.</summary>
    public double Ratio => Math.Max(ComputeRatio, MemoryRatio ?? 0);

    /// <summary>More was computed than the device can: time or FLOPs are wrong, and the row is not to be believed.</summary>
    public bool IsImpossible => ComputeRatio > 1 + Tolerance;

    /// <param name="flops">Of one iteration, more than 0.</param>
    /// <param name="bytes">Of one iteration; null where unknown.</param>
    /// <param name="seconds">Of one iteration.</param>
    /// <returns>Null where there is no work, no time or no peak to speak of.</returns>
    public static Roofline? Of(double? flops, double? bytes, double? seconds, DevicePeak? peak) =>
        flops is > 0 and { } work
        && seconds is > 0 and { } time
        && peak is { FlopsPerSecond: > 0 } limits
        && double.IsFinite(work)
        && double.IsFinite(time)
            ? new Roofline(
                work / (time * limits.FlopsPerSecond),
                bytes is > 0 and { } moved && limits.BytesPerSecond is > 0 and { } rate ? moved / (time * rate) : null
            )
            : null;
}
