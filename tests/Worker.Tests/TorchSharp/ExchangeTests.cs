using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class ExchangeTests : ExchangeContract
{
    private static readonly string[] Dense = ["ffn.dense"];

    private protected override string Backend => "torchsharp";

    private protected override WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null) =>
        TorchSharpWorker.Start(environment);

    [Fact]
    public async Task TheRuntimeAndTheNativeLibrariesAreRecorded()
    {
        await using var worker = TorchSharpWorker.Start();

        var hello = await worker.AskAsync<Reply.Hello>(Requests.Hello());

        hello.Environment["framework"].ShouldBe($"TorchSharp {hello.Version}");
        hello.Environment["allocator"].ShouldStartWith("glibc 2.");
        hello.Environment["tf32"].ShouldBe("unavailable");
        foreach (var entry in new[] { "libtorch", "openmp", "runtime", "gc", "cuda", "gpu" })
        {
            hello.Environment[entry].ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task EveryTroubleOfACellIsToldAndTheWorkerGoesOn()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();

        await RefusesAsync(Requests.Prepare([]), "error", "variants: is empty");
        await RefusesAsync(Of(Requests.Small(batch: 0)), "error", "parameters.batch: 0 is out of range");
        var text = Requests.Small();
        text["batch"] = AxisValue.Of("many");
        await RefusesAsync(Of(text), "error", "parameters.batch: 'many' is not of kind integer");
        await RefusesAsync(
            Requests.Prepare(Dense, "seed_epoch", parameters: Requests.Small(state: "later")),
            "error",
            "'later' is none of continue, reset"
        );
        await RefusesAsync(new Request.MeasureMemory("c1"), "error", "'c1' is not prepared");
        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Dense));
        await RefusesAsync(
            Requests.Measure([
                [1],
            ]),
            "error",
            "orders[0]: [1] must name each of the 1"
        );

        async Task RefusesAsync(Request request, string kind, string words)
        {
            var trouble = await worker.AskAsync<Reply.Trouble>(request);
            trouble.Cell.ShouldBe("c1");
            trouble.Message.ShouldContain(words);
            trouble.Kind.ShouldBe(kind);
        }

        static Request.Prepare Of(Dictionary<string, AxisValue> parameters) =>
            Requests.Prepare(Dense, parameters: parameters);
    }

    [Fact]
    public async Task WhatHelloAsksForAndCannotBeHadIsRefused()
    {
        await using var worker = TorchSharpWorker.Start();
        var hello = Requests.Hello();

        (await worker.AskAsync<Reply.Trouble>(hello with { Device = "tpu" })).Message.ShouldContain("'tpu' is unknown");
        (await worker.AskAsync<Reply.Trouble>(hello with { Threads = 0 })).Message.ShouldContain("give at least 1");
        var flags = new Dictionary<string, bool>(StringComparer.Ordinal) { ["fast"] = true };
        (await worker.AskAsync<Reply.Trouble>(hello with { Flags = flags })).Message.ShouldContain("'fast' is unknown");
    }
}
