using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class ExchangeTests
{
    private static readonly string[] Dense = ["ffn.dense"];

    [Fact]
    public async Task AWholeExchangeEndsWithExitCodeZero()
    {
        await using var worker = TorchSharpWorker.Start();

        var hello = await worker.AskAsync<Reply.Hello>(TorchSharpWorker.Hello(threads: 2));
        hello.Protocol.ShouldBe(ProtocolVersion.Current);
        hello.Backend.ShouldBe("torchsharp");
        hello.Environment["framework"].ShouldBe($"TorchSharp {hello.Version}");
        hello.Environment["threads"].ShouldBe("2");
        hello.Environment["interop_threads"].ShouldBe("1");
        hello.Environment["allocator"].ShouldStartWith("glibc 2.");
        hello.Environment["tf32"].ShouldBe("unavailable");
        foreach (var entry in new[] { "libtorch", "blas", "openmp", "affinity", "runtime", "gc", "cuda", "gpu" })
        {
            hello.Environment[entry].ShouldNotBeEmpty();
        }

        var prepared = await worker.AskAsync<Reply.Prepared>(TorchSharpWorker.Prepare(["ffn.dense", "ffn.conv1d"]));
        prepared.Cell.ShouldBe("c1");
        prepared
            .Variants.Select(v => (v.Label, v.ParameterCount))
            .ShouldBe([("ffn.dense", 1600), ("ffn.conv1d", 1600)]);

        var measured = await worker.MeasureAsync(
            TorchSharpWorker.Measure([
                [0, 1],
                [1, 0],
            ])
        );
        measured.Rows.Count.ShouldBe(4);

        var memory = await worker.AskAsync<Reply.Memory>(new Request.MeasureMemory("c1"));
        memory.Method.ShouldBe("vmhwm");
        memory.PeakBytes.Count.ShouldBe(2);

        var outputs = await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));
        outputs.Shapes.ShouldAllBe(s => s.SequenceEqual(new long[] { 4, 8, 16 }));

        (await worker.AskAsync<Reply.Released>(new Request.Release("c1"))).Cell.ShouldBe("c1");
        await worker.AskAsync<Reply.Bye>(new Request.Bye());
        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task AnotherProtocolVersionIsAnsweredWithOurs()
    {
        await using var worker = TorchSharpWorker.Start();

        var hello = await worker.AskAsync<Reply.Hello>(TorchSharpWorker.Hello(protocol: 99));

        hello.Protocol.ShouldBe(1);
        hello.Environment.ShouldBeEmpty();
        var refused = await worker.AskAsync<Reply.Trouble>(TorchSharpWorker.Prepare(Dense));
        refused.Message.ShouldContain("say hello first");
    }

    [Theory]
    [InlineData("\u0001 garbage")]
    [InlineData("{\"type\":\"dance\"}")]
    [InlineData("null")]
    public async Task ALineThatIsNoRequestEndsTheWorker(string line)
    {
        await using var worker = TorchSharpWorker.Start();

        await worker.SendLineAsync(line);

        var trouble = await worker.ExpectAsync<Reply.Trouble>();
        trouble.Kind.ShouldBe("error");
        trouble.Cell.ShouldBeNull();
        (await worker.ReceiveAsync()).ShouldBeNull();
        (await worker.ExitCodeAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task EveryTroubleOfACellIsToldAndTheWorkerGoesOn()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();

        await RefusesAsync(TorchSharpWorker.Prepare(["nope.nothing"]), "unsupported", "'nope.nothing' is unknown");
        await RefusesAsync(TorchSharpWorker.Prepare(Dense, "sideways"), "unsupported", "'sideways' is unknown");
        await RefusesAsync(TorchSharpWorker.Prepare(Dense, dtype: "int4"), "unsupported", "'int4' is unknown");
        await RefusesAsync(TorchSharpWorker.Prepare([]), "error", "variants: is empty");

        var missing = TorchSharpWorker.Small();
        missing.Remove("d_ff");
        await RefusesAsync(Of(missing), "error", "parameters.d_ff: is missing");
        await RefusesAsync(Of(TorchSharpWorker.Small(batch: 0)), "error", "parameters.batch: 0 is out of range");
        var text = TorchSharpWorker.Small();
        text["batch"] = AxisValue.Of("many");
        await RefusesAsync(Of(text), "error", "parameters.batch: 'many' is not of kind integer");
        await RefusesAsync(
            TorchSharpWorker.Prepare(Dense, "seed_epoch", parameters: TorchSharpWorker.Small(state: "later")),
            "error",
            "'later' is none of continue, reset"
        );

        var huge = await RefusesAsync(Of(TorchSharpWorker.Small(batch: 1_000_000, seqLen: 1_000_000)), "oom", "memory");
        huge.Variant.ShouldBe("ffn.dense");

        await RefusesAsync(new Request.MeasureMemory("c1"), "error", "'c1' is not prepared");
        await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        await worker.AskAsync<Reply.Prepared>(TorchSharpWorker.Prepare(Dense));
        var second = TorchSharpWorker.Prepare(Dense) with { Cell = "c2" };
        (await worker.AskAsync<Reply.Trouble>(second)).Message.ShouldContain("release it before 'c2'");
        await worker.AskAsync<Reply.Prepared>(TorchSharpWorker.Prepare(Dense));
        await RefusesAsync(
            TorchSharpWorker.Measure([
                [1],
            ]),
            "error",
            "orders[0]: [1] must name each of the 1"
        );

        async Task<Reply.Trouble> RefusesAsync(Request request, string kind, string words)
        {
            var trouble = await worker.AskAsync<Reply.Trouble>(request);
            trouble.Cell.ShouldBe("c1");
            trouble.Message.ShouldContain(words);
            trouble.Kind.ShouldBe(kind);
            return trouble;
        }

        static Request.Prepare Of(Dictionary<string, AxisValue> parameters) =>
            TorchSharpWorker.Prepare(Dense, parameters: parameters);
    }

    [Fact]
    public async Task ADtypeTheFrameworkLacksIsUnsupportedAndNotAnError()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();

        await worker.SendAsync(TorchSharpWorker.Prepare(Dense, dtype: "float16"));

        // Half on the CPU came with libtorch 2; 1.13 says "not implemented for 'Half'".
        var reply = await worker.ReceiveAsync();
        if (reply is not Reply.Prepared)
        {
            reply.ShouldBeOfType<Reply.Trouble>().Kind.ShouldBe("unsupported");
        }
    }

    [Fact]
    public async Task WhatHelloAsksForAndCannotBeHadIsRefused()
    {
        await using var worker = TorchSharpWorker.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CUDA_VISIBLE_DEVICES"] = "" }
        );
        var hello = TorchSharpWorker.Hello();

        (await worker.AskAsync<Reply.Trouble>(hello with { Device = "cuda:0" })).Kind.ShouldBe("unsupported");
        (await worker.AskAsync<Reply.Trouble>(hello with { Device = "tpu" })).Message.ShouldContain("'tpu' is unknown");
        (await worker.AskAsync<Reply.Trouble>(hello with { Threads = 0 })).Message.ShouldContain("give at least 1");
        var flags = new Dictionary<string, bool>(StringComparer.Ordinal) { ["fast"] = true };
        (await worker.AskAsync<Reply.Trouble>(hello with { Flags = flags })).Message.ShouldContain("'fast' is unknown");
    }

    [Fact]
    public async Task AnOutputBeyondTwoToTheTwentyElementsIsRefused()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var parameters = TorchSharpWorker.Small(batch: 8193);
        await worker.AskAsync<Reply.Prepared>(TorchSharpWorker.Prepare(Dense, gate: false, parameters: parameters));

        var trouble = await worker.AskAsync<Reply.Trouble>(new Request.Output("c1"));

        trouble.Message.ShouldContain("1048704 elements, at most 1048576");
    }

    [Theory]
    [InlineData("libtcmalloc_minimal.so.4")]
    [InlineData("libjemalloc.so.2")]
    public async Task ThePreloadedAllocatorIsRecorded(string library)
    {
        if (!Directory.EnumerateFiles("/usr/lib", library, SearchOption.AllDirectories).Any())
        {
            Assert.Skip($"{library} is not installed (apt-get install libtcmalloc-minimal4 libjemalloc2)");
        }

        await using var worker = TorchSharpWorker.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_PRELOAD"] = library }
        );

        (await worker.AskAsync<Reply.Hello>(TorchSharpWorker.Hello()))
            .Environment["allocator"]
            .ShouldStartWith(library);
    }
}
