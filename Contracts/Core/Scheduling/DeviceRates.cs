namespace Layerbench.Core.Scheduling;

/// <summary>
/// What is assumed of a device before anything has run on it. Only the order of magnitude matters: the cost model
/// corrects by what it sees, and an order needs ratios only.
/// </summary>
/// <param name="BlockOverheadSeconds">Dispatch of one block's operators, however small.</param>
/// <param name="StepOverheadSeconds">
/// What an optimiser step takes that computes next to nothing: some 200 operators forward, backward and in the optimiser.
/// </param>
public readonly record struct DeviceRates(
    double FlopsPerSecond,
    double BytesPerSecond,
    double BlockOverheadSeconds,
    double StepOverheadSeconds = 0
)
{
    /// <summary>A few cores of a server CPU in float32: tens of GFLOP/s, about 10 GB/s.</summary>
    public static DeviceRates Cpu { get; } = new(5e10, 1e10, 2e-5, 5e-4);

    /// <summary>A data-centre GPU in float32 without tensor cores: about 20 TFLOP/s, about 1 TB/s.</summary>
    public static DeviceRates Cuda { get; } = new(2e13, 1e12, 5e-5, 2e-3);

    public static DeviceRates For(string deviceKind) =>
        string.Equals(deviceKind, "cuda", StringComparison.Ordinal) ? Cuda : Cpu;

    /// <summary>
    /// Seconds of one block: bound by arithmetic or by memory traffic, whichever takes longer. The many small operators of
    /// a training's steps run one after the other, each bound by one of the two: there they add up.
    /// </summary>
    public double BlockSeconds(CellCost cost)
    {
        var (arithmetic, traffic) = (cost.Flops / FlopsPerSecond, cost.Bytes / BytesPerSecond);
        return BlockOverheadSeconds
            + (
                cost.Steps > 0
                    ? arithmetic + traffic + (cost.Steps * StepOverheadSeconds)
                    : Math.Max(arithmetic, traffic)
            );
    }
}

/// <summary>What one launch does with a cell, as far as it decides how long the cell takes.</summary>
/// <param name="Variants">Timed in each block.</param>
/// <param name="MinimumSample">Least time of one sample.</param>
public sealed record LaunchShape(
    int Blocks,
    int Variants,
    TimeSpan MinimumSample,
    TimeSpan WarmUpMinimum,
    TimeSpan WarmUpMaximum
)
{
    // The trend test of the warm-up looks at the last ten blocks; see docs/measurement.md.
    private const int WarmUpBlocks = 10;

    public static LaunchShape Of(Sweeps.MeasureSpec measure, int variants) =>
        new(measure.Blocks, variants, measure.MinimumSample, measure.WarmUpMinimum, measure.WarmUpMaximum);

    public static LaunchShape Of(Sweeps.MeasureSpec measure, Cell cell) =>
        cell.IsQuality ? Once(cell.Variants.Count) : Of(measure, cell.Variants.Count);

    /// <summary>Every variant once, as a training is: no warm-up, no blocks.</summary>
    public static LaunchShape Once(int variants) => new(0, variants, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Warm-up and blocks, for a block that takes this long when every variant runs once.</summary>
    public double Seconds(double blockSeconds)
    {
        var warmUp = Math.Clamp(
            WarmUpBlocks * blockSeconds,
            WarmUpMinimum.TotalSeconds,
            Math.Max(WarmUpMinimum.TotalSeconds, WarmUpMaximum.TotalSeconds)
        );
        var timedBlock = Math.Max(blockSeconds, Variants * MinimumSample.TotalSeconds);
        return Math.Max(warmUp, blockSeconds) + Blocks * timedBlock;
    }
}
