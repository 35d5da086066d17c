using System.Text.Json.Serialization;

namespace Layerbench.Core.Protocol;

/// <summary>The version this build speaks; see docs/protocol.md. A worker of another version is refused at hello.</summary>
public static class ProtocolVersion
{
    public const int Current = 1;
}

/// <summary>Engine → worker, one JSON object a line, the key <c>type</c> first.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(Measure), "measure")]
[JsonDerivedType(typeof(Train), "train")]
[JsonDerivedType(typeof(Decide), "decide")]
[JsonDerivedType(typeof(MeasureMemory), "memory")]
[JsonDerivedType(typeof(Output), "output")]
[JsonDerivedType(typeof(Release), "release")]
[JsonDerivedType(typeof(MeasurePeaks), "canary")]
[JsonDerivedType(typeof(Bye), "bye")]
public abstract record Request
{
    private Request() { }

    /// <param name="Device"><c>cpu</c> or <c>cuda:0</c>, as the framework names it.</param>
    /// <param name="Threads">Intra-op threads.</param>
    /// <param name="Flags">Numerics: <c>tf32</c>, <c>cudnn_benchmark</c>, <c>deterministic</c>.</param>
    public sealed record Hello(int Protocol, string Device, int Threads, IReadOnlyDictionary<string, bool> Flags)
        : Request;

    /// <param name="Gate">Compare with the float64 reference, and with variants that must be equal, before anything is timed.</param>
    public sealed record Prepare(
        string Cell,
        string Pass,
        string Dtype,
        ulong Seed,
        bool Gate,
        IReadOnlyList<PreparedVariant> Variants
    ) : Request;

    /// <param name="Orders">One entry a block: the variants' places in the order to run them.</param>
    public sealed record Measure(
        string Cell,
        IReadOnlyList<IReadOnlyList<int>> Orders,
        long MinimumSampleNanoseconds,
        double WarmUpMinimumSeconds,
        double WarmUpMaximumSeconds
    ) : Request;

    /// <summary>In place of <see cref="Measure"/> where the pass is one of quality: train each variant once.</summary>
    /// <param name="Rungs">Steps at which a run waits for <see cref="Decide"/>, ascending; empty: none is ended early.</param>
    public sealed record Train(string Cell, IReadOnlyList<long> Rungs) : Request;

    /// <summary>The answer to <see cref="Reply.Rung"/>.</summary>
    /// <param name="Variant">Its place in the cell.</param>
    /// <param name="Go">False: the variant's run ends as <c>pruned</c>.</param>
    public sealed record Decide(string Cell, int Variant, bool Go) : Request;

    public sealed record MeasureMemory(string Cell) : Request;

    /// <summary>The variants' outputs themselves, for tests; at most 2^20 elements each.</summary>
    public sealed record Output(string Cell) : Request;

    public sealed record Release(string Cell) : Request;

    /// <summary>What the device can do now: a product of matrices and a triad, of no cell.</summary>
    public sealed record MeasurePeaks : Request;

    public sealed record Bye : Request;
}

/// <param name="Parameters">Numbers, texts and truths by name; every parameter the variant and the pass take.</param>
/// <param name="ExtraWork">Side work inside each sample, as a share of the variant's own time: a control. Null: none.</param>
public sealed record PreparedVariant(
    string Label,
    string Variant,
    IReadOnlyDictionary<string, AxisValue> Parameters,
    double? ExtraWork = null
);

/// <summary>Worker → engine.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Prepared), "prepared")]
[JsonDerivedType(typeof(Warmed), "warmed")]
[JsonDerivedType(typeof(Samples), "samples")]
[JsonDerivedType(typeof(Measured), "measured")]
[JsonDerivedType(typeof(Progress), "progress")]
[JsonDerivedType(typeof(Rung), "rung")]
[JsonDerivedType(typeof(Trained), "trained")]
[JsonDerivedType(typeof(Memory), "memory")]
[JsonDerivedType(typeof(Outputs), "outputs")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(Peaks), "canary")]
[JsonDerivedType(typeof(Trouble), "error")]
[JsonDerivedType(typeof(Bye), "bye")]
public abstract record Reply
{
    private Reply() { }

    /// <param name="Environment">Entries of the fingerprint that only the worker can know.</param>
    public sealed record Hello(
        int Protocol,
        string Backend,
        string Version,
        IReadOnlyDictionary<string, string> Environment
    ) : Reply;

    public sealed record Prepared(string Cell, double GateSeconds, IReadOnlyList<PreparedFacts> Variants) : Reply;

    public sealed record Warmed(string Cell, double Seconds, int Blocks, bool Steady, IReadOnlyList<long> Iterations)
        : Reply;

    /// <param name="Rows">Each [variant, block, position, iterations, wall_ns, cpu_ns, device_ns or −1, involuntary or −1, pressure_us or −1, start_ns]; a worker may leave the last out.</param>
    public sealed record Samples(string Cell, IReadOnlyList<IReadOnlyList<long>> Rows) : Reply;

    /// <param name="Series">Where the pass trains: one entry a variant, curves by name as in <see cref="TrainedVariant"/>; null: it tells none.</param>
    public sealed record Measured(
        string Cell,
        double Seconds,
        IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double?>>>?>? Series = null
    ) : Reply;

    /// <summary>How far a training is; about every half second.</summary>
    /// <param name="Variant">Its place in the cell.</param>
    /// <param name="Values">By name: <c>loss</c>, <c>accuracy</c>; null or absent where it is no number.</param>
    public sealed record Progress(string Cell, int Variant, long Step, IReadOnlyDictionary<string, double?>? Values)
        : Reply;

    /// <summary>A training has reached a rung and waits for <see cref="Request.Decide"/>.</summary>
    /// <param name="Value">The pass's metric on held-out data; null where it is no number.</param>
    public sealed record Rung(string Cell, int Variant, long Step, double? Value) : Reply;

    /// <param name="Variants">One entry a variant, in the cell's order.</param>
    public sealed record Trained(string Cell, double Seconds, IReadOnlyList<TrainedVariant> Variants) : Reply;

    public sealed record Memory(string Cell, IReadOnlyList<long> PeakBytes, string Method) : Reply;

    /// <param name="Base64">Little-endian float32 of each variant's output, row-major.</param>
    public sealed record Outputs(string Cell, IReadOnlyList<IReadOnlyList<long>> Shapes, IReadOnlyList<string> Base64)
        : Reply;

    public sealed record Released(string Cell) : Reply;

    /// <param name="GemmFlopsPerSecond">Best of several products of float32 matrices, a multiply-accumulate counting as 2.</param>
    /// <param name="TriadBytesPerSecond">Best of several b ← b + s·c, 12 bytes an element; null where memory was short.</param>
    public sealed record Peaks(double GemmFlopsPerSecond, double? TriadBytesPerSecond) : Reply;

    /// <summary>The cell is over; the worker goes on.</summary>
    /// <param name="Kind"><c>unsupported</c> (Skipped), <c>incorrect</c>, <c>oom</c>, <c>error</c>.</param>
    public sealed record Trouble(string? Cell, string? Variant, string Kind, string Message) : Reply;

    public sealed record Bye : Reply;
}

/// <summary>Errors are null where the gate did not run.</summary>
public sealed record PreparedFacts(
    string Label,
    long ParameterCount,
    double? ForwardError,
    double? GradientError,
    double? Tolerance
);

/// <summary>One variant's training, as the worker tells it.</summary>
/// <param name="Status"><c>finished</c>, <c>solved</c> (stopped early), <c>pruned</c> or <c>diverged</c> (loss NaN or infinite).</param>
/// <param name="Steps">Optimiser steps done.</param>
/// <param name="Values">By name, the pass's metric among them unless it diverged; what is no number is absent.</param>
/// <param name="Series">By name, points [x, y], x ascending: learning curves over steps, <c>interaction</c> over distance.</param>
public sealed record TrainedVariant(
    string Status,
    long Steps,
    double Seconds,
    IReadOnlyDictionary<string, double?>? Values,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double?>>>? Series
);
