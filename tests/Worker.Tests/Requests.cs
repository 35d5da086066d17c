using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>What tests ask of workers: the same of every backend.</summary>
internal static class Requests
{
    /// <summary>One CPU thread, no flags.</summary>
    public static Request.Hello Hello(int threads = 1, int protocol = ProtocolVersion.Current) =>
        new(
            protocol,
            "cpu",
            threads,
            new Dictionary<string, bool>(StringComparer.Ordinal)
            {
                ["tf32"] = false,
                ["cudnn_benchmark"] = false,
                ["deterministic"] = false,
            }
        );

    /// <summary>Small on purpose; the parameters of the variants that tests name, and of every pass that is timed.</summary>
    public static Dictionary<string, AxisValue> Small(
        long batch = 4,
        long seqLen = 8,
        long dModel = 16,
        long dFf = 48,
        double dropout = 0,
        long depth = 2,
        long samples = 10,
        string state = "continue",
        string data = "device"
    ) =>
        new(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(batch),
            ["seq_len"] = AxisValue.Of(seqLen),
            ["d_model"] = AxisValue.Of(dModel),
            ["d_ff"] = AxisValue.Of(dFf),
            ["dropout"] = AxisValue.Of(dropout),
            ["depth"] = AxisValue.Of(depth),
            ["heads"] = AxisValue.Of(2),
            ["causal"] = AxisValue.Of(false),
            ["activation"] = AxisValue.Of("relu"),
            ["method"] = AxisValue.Of("fft"),
            ["samples"] = AxisValue.Of(samples),
            ["state"] = AxisValue.Of(state),
            ["data"] = AxisValue.Of(data),
        };

    /// <summary>A cell <c>c1</c>. Labels are the variants' names, numbered by place where a name comes again.</summary>
    public static Request.Prepare Prepare(
        IReadOnlyList<string> variants,
        string pass = "forward",
        string dtype = "float32",
        ulong seed = 1,
        bool gate = true,
        IReadOnlyDictionary<string, AxisValue>? parameters = null
    ) =>
        new(
            "c1",
            pass,
            dtype,
            seed,
            gate,
            [
                .. variants.Select(
                    (v, i) =>
                        new PreparedVariant(variants.Take(i).Contains(v) ? $"{v} {i}" : v, v, parameters ?? Small())
                ),
            ]
        );

    /// <param name="orders">One entry a block.</param>
    public static Request.Measure Measure(
        IReadOnlyList<IReadOnlyList<int>> orders,
        long minimumSampleNanoseconds = 1_000_000,
        double warmUpMinimum = 0.02,
        double warmUpMaximum = 5
    ) => new("c1", orders, minimumSampleNanoseconds, warmUpMinimum, warmUpMaximum);

    /// <summary>Exactly one warm-up block and then <paramref name="blocks"/> blocks of one iteration of the only variant.</summary>
    public static Request.Measure MeasureExactly(int blocks) =>
        Measure([.. Enumerable.Repeat<IReadOnlyList<int>>([0], blocks)], 1, 0, 0);
}
