namespace Layerbench.Core.Results;

/// <summary>What a launch measures. Time, memory and quality never share a process.</summary>
public enum LaunchKind
{
    Time,
    Memory,

    /// <summary>Trains the variants of a quality pass; one such launch a cell.</summary>
    Quality,
}

/// <summary>One cell's part of one launch: a fresh worker process in which the cell was measured once.</summary>
/// <param name="Number">0, 1, 2, … among the launches of this kind of this cell under one fingerprint.</param>
/// <param name="Attempt">The nth time the slice was run, from 1.</param>
/// <param name="Position">The cell's place in the launch's random order.</param>
/// <param name="ProcessStart">From starting the process to its <c>hello</c>; paid by the launch, not by the cell.</param>
/// <param name="Phases">Seconds the cell spent per phase: gate, warmup, measure.</param>
/// <param name="Steady">False: warm-up ended at its cap with a slope left (<c>NoSteadyState</c>).</param>
public sealed record LaunchRecord(
    CellId Cell,
    LaunchKind Kind,
    int Number,
    int Attempt,
    DeviceId Device,
    FingerprintId Fingerprint,
    DateTimeOffset StartedAt,
    int Position,
    ulong Seed,
    TimeSpan ProcessStart,
    PhaseTimes Phases,
    bool Steady,
    IReadOnlyList<VariantFacts> Variants,
    IReadOnlyList<Sample> Samples,
    IReadOnlyList<MemoryPeak> Memory
)
{
    /// <summary>Of a quality launch: one a variant, in the cell's order; else empty.</summary>
    public IReadOnlyList<Training> Trainings { get; init; } = [];

    /// <summary>Of a time launch whose pass trains and tells of it: at most one a variant, in the cell's order; else empty.</summary>
    public IReadOnlyList<VariantCurves> Curves { get; init; } = [];
}

public sealed record PhaseTimes(TimeSpan Gate, TimeSpan WarmUp, TimeSpan Measure)
{
    public TimeSpan Total => Gate + WarmUp + Measure;
}

/// <summary>What a variant's timed passes have learnt on the way.</summary>
/// <param name="Variant">Its place in the cell's list of variants.</param>
/// <param name="Series">By name, not empty: <c>loss</c> over epochs, the first warm-up epoch being 1.</param>
public sealed record VariantCurves(int Variant, IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Series);

/// <summary>What the gate found of a variant in this launch; errors are relative, null where the gate did not run.</summary>
/// <param name="ForwardError">max|y − reference| ÷ max|reference|, the reference in float64.</param>
/// <param name="GradientError">The largest such error over the gradients of inputs and weights.</param>
/// <param name="Flops">Analytic FLOPs of one iteration of the pass; null where the catalogue does not tell.</param>
/// <param name="Bytes">Least bytes of one iteration, unfused; null where the catalogue tells it of another pass only.</param>
/// <param name="Matched">The size that was chosen to match the baseline; null where none was.</param>
public sealed record VariantFacts(
    string Label,
    long ParameterCount,
    double? ForwardError,
    double? GradientError,
    double? Tolerance,
    double? Flops = null,
    double? Bytes = null,
    MatchedSize? Matched = null
);

/// <summary>One timed value.</summary>
/// <param name="Variant">Its place in the cell's list of variants.</param>
/// <param name="Position">Its place in the block's random order; 0 led the block.</param>
/// <param name="Iterations">How often the workload ran inside the timed section; times are for all of them.</param>
/// <param name="WallNanoseconds">Monotonic wall time, synchronised.</param>
/// <param name="CpuNanoseconds">CPU time of the process, all threads.</param>
/// <param name="DeviceNanoseconds">CUDA event time; null on a CPU.</param>
/// <param name="InvoluntarySwitches">Involuntary context switches during it; −1 where unknown.</param>
/// <param name="PressureMicroseconds">CPU pressure (PSI <c>some</c>) during it; −1 where unknown.</param>
/// <param name="Accepted">False only on outside evidence.</param>
/// <param name="Reason">Why it was not accepted.</param>
public readonly record struct Sample(
    int Variant,
    int Block,
    int Position,
    long Iterations,
    long WallNanoseconds,
    long CpuNanoseconds,
    long? DeviceNanoseconds,
    long InvoluntarySwitches,
    long PressureMicroseconds,
    bool Accepted = true,
    string? Reason = null
)
{
    /// <summary>Seconds of one iteration: device time where there is one, else wall time.</summary>
    public double Seconds => (DeviceNanoseconds ?? WallNanoseconds) / 1e9 / Iterations;
}

/// <param name="PeakBytes">Above what the process held before the variant ran.</param>
/// <param name="Method">How it was read, e.g. <c>vmhwm</c>, <c>cuda_allocator</c>.</param>
public readonly record struct MemoryPeak(int Variant, long PeakBytes, string Method);
