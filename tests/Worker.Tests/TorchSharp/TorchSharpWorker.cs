using System.Reflection;
using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>The TorchSharp worker that was built beside these tests, and the cells that tests give it.</summary>
internal static class TorchSharpWorker
{
    public static string[] Layers { get; } = ["ffn.conv1d", "ffn.dense", "ffn.keras_block", "ffn.residual_relu"];

    /// <summary>Where the build put it: the same configuration as the tests'.</summary>
    public static string Folder { get; } =
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "Layerbench.Worker",
                Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))
            )
        );

    /// <summary>Skips the test where the worker was built without its code.</summary>
    public static string ProgramOrSkip()
    {
        var missing = typeof(TorchSharpWorker)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(m => m.Key == "MissingFeatures")
            ?.Value;
        if (missing?.Split(' ').Contains("TorchSharp") == true)
        {
            Assert.Skip("the package feed lacks TorchSharp, so the TorchSharp worker was not built (docs/editions.md)");
        }

        return Path.Combine(Folder, "Layerbench.Worker");
    }

    public static WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null) =>
        WorkerClient.Start([ProgramOrSkip()], environment);

    /// <summary>Started and past hello, on one CPU thread.</summary>
    public static async Task<WorkerClient> StartAndGreetAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var client = Start(environment);
        await client.AskAsync<Reply.Hello>(Hello());
        return client;
    }

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

    /// <summary>Small on purpose; every parameter of every variant and pass.</summary>
    public static Dictionary<string, AxisValue> Small(
        long batch = 4,
        long seqLen = 8,
        long dModel = 16,
        long dFf = 48,
        double dropout = 0,
        long depth = 2,
        long samples = 10,
        string state = "continue"
    ) =>
        new(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(batch),
            ["seq_len"] = AxisValue.Of(seqLen),
            ["d_model"] = AxisValue.Of(dModel),
            ["d_ff"] = AxisValue.Of(dFf),
            ["dropout"] = AxisValue.Of(dropout),
            ["depth"] = AxisValue.Of(depth),
            ["samples"] = AxisValue.Of(samples),
            ["state"] = AxisValue.Of(state),
        };

    /// <summary>A cell <c>c1</c> whose labels are the variants' names.</summary>
    public static Request.Prepare Prepare(
        IReadOnlyList<string> variants,
        string pass = "forward",
        string dtype = "float32",
        ulong seed = 1,
        bool gate = true,
        IReadOnlyDictionary<string, AxisValue>? parameters = null
    ) =>
        new("c1", pass, dtype, seed, gate, [.. variants.Select(v => new PreparedVariant(v, v, parameters ?? Small()))]);

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
