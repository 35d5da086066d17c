using System.Reflection;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

/// <summary>The TorchSharp worker that was built beside these tests.</summary>
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
            Assert.Skip(
                "this build is without TorchSharp: the package feed lacks it, or this system cannot load it (docs/editions.md)"
            );
        }

        return Path.Combine(Folder, "Layerbench.Worker");
    }

    public static WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null) =>
        WorkerClient.Start([ProgramOrSkip()], environment);

    /// <summary>Started and past hello, on one CPU thread.</summary>
    public static async Task<WorkerClient> StartAndGreetAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var client = Start(environment);
        await client.AskAsync<Reply.Hello>(Requests.Hello());
        return client;
    }
}
