using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests;

/// <summary>The exchange of docs/protocol.md and every way out of it: the same of every backend.</summary>
public abstract class ExchangeContract
{
    private static readonly string[] Dense = ["ffn.dense"];

    /// <summary>The name it goes by.</summary>
    private protected abstract string Backend { get; }

    private protected abstract WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null);

    /// <summary>Started and past hello, on one CPU thread.</summary>
    private protected async Task<WorkerClient> StartAndGreetAsync()
    {
        var worker = Start();
        await worker.AskAsync<Reply.Hello>(Requests.Hello());
        return worker;
    }

    [Fact]
    public async Task AWholeExchangeEndsWithExitCodeZero()
    {
        await using var worker = Start();

        var hello = await worker.AskAsync<Reply.Hello>(Requests.Hello(threads: 2));
        hello.Protocol.ShouldBe(ProtocolVersion.Current);
        hello.Backend.ShouldBe(Backend);
        hello.Version.ShouldNotBeEmpty();
        hello.Environment["threads"].ShouldBe("2");
        hello.Environment["interop_threads"].ShouldBe("1");
        foreach (var entry in new[] { "framework", "blas", "allocator", "affinity", "tf32", "deterministic" })
        {
            hello.Environment[entry].ShouldNotBeEmpty();
        }

        if (hello.Environment["blas"].Contains("openblas", StringComparison.OrdinalIgnoreCase))
        {
            hello.Environment["blas_kernels"].ShouldMatch("^[A-Za-z0-9_]+$", "the processor that OpenBLAS took it for");
        }

        var prepared = await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense", "ffn.conv1d"]));
        prepared.Cell.ShouldBe("c1");
        prepared
            .Variants.Select(v => (v.Label, v.ParameterCount))
            .ShouldBe([("ffn.dense", 1600), ("ffn.conv1d", 1600)]);

        var measured = await worker.MeasureAsync(
            Requests.Measure([
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
    public async Task AnotherProtocolVersionIsAnsweredWithOursAndWithoutTheFramework()
    {
        await using var worker = Start();

        var hello = await worker.AskAsync<Reply.Hello>(Requests.Hello(protocol: 99));

        hello.Protocol.ShouldBe(ProtocolVersion.Current);
        hello.Environment.ShouldBeEmpty();
        var refused = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(Dense));
        refused.Message.ShouldContain("hello");
    }

    [Theory]
    [InlineData("\u0000\u0001 garbage")]
    [InlineData("{\"type\":\"dance\"}")]
    [InlineData("null")]
    public async Task ALineThatIsNoRequestEndsTheWorker(string line)
    {
        await using var worker = Start();

        await worker.SendLineAsync(line);

        var trouble = await worker.ExpectAsync<Reply.Trouble>();
        trouble.Kind.ShouldBe("error");
        trouble.Cell.ShouldBeNull();
        (await worker.ReceiveAsync()).ShouldBeNull();
        (await worker.ExitCodeAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData("nope.nothing", "forward", "float32", "nope.nothing")]
    [InlineData("ffn.dense", "sideways", "float32", "sideways")]
    [InlineData("ffn.dense", "forward", "int4", "int4")]
    public async Task WhatIsUnknownIsToldAndTheWorkerGoesOn(string variant, string pass, string dtype, string named)
    {
        await using var worker = await StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare([variant], pass, dtype));

        trouble.Cell.ShouldBe("c1");
        trouble.Kind.ShouldBe("unsupported");
        trouble.Message.ShouldContain($"'{named}' is unknown");
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Dense));
    }

    [Fact]
    public async Task AParameterThatIsMissingOrOutOfRangeIsNamedWithItsVariant()
    {
        await using var worker = await StartAndGreetAsync();
        var parameters = Requests.Small();
        parameters.Remove("d_ff");
        var missing = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(Dense, parameters: parameters));
        (missing.Kind, missing.Variant).ShouldBe(("error", "ffn.dense"));
        missing.Message.ShouldContain("parameters.d_ff: is missing");

        var zero = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(Dense, parameters: Requests.Small(dFf: 0)));
        (zero.Kind, zero.Variant).ShouldBe(("error", "ffn.dense"));
        zero.Message.ShouldContain("parameters.d_ff:");
        zero.Message.ShouldContain("give at least 1");
    }

    [Fact]
    public async Task ACellThatCannotFitIsOutOfMemoryAndTheWorkerGoesOn()
    {
        await using var worker = await StartAndGreetAsync();
        var huge = Requests.Small(batch: 1_000_000, seqLen: 1_000_000);

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(Dense, parameters: huge));

        trouble.Kind.ShouldBe("oom");
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Dense));
    }

    [Fact]
    public async Task ADtypeTheFrameworkLacksIsUnsupportedAndNotAnError()
    {
        await using var worker = await StartAndGreetAsync();

        await worker.SendAsync(Requests.Prepare(Dense, dtype: "float16"));

        // Half on the CPU came with libtorch 2; 1.13 says "not implemented for 'Half'".
        var reply = await worker.ReceiveAsync();
        if (reply is not Reply.Prepared)
        {
            reply.ShouldBeOfType<Reply.Trouble>().Kind.ShouldBe("unsupported");
        }
    }

    [Fact]
    public async Task ACudaDeviceThatIsNotThereIsRefused()
    {
        await using var worker = Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CUDA_VISIBLE_DEVICES"] = "" }
        );

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Hello() with { Device = "cuda:0" });

        trouble.Kind.ShouldBe("unsupported");
    }

    [Fact]
    public async Task OneCellIsPreparedAtATime()
    {
        await using var worker = await StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Dense));

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(Dense) with { Cell = "c2" });

        trouble.Cell.ShouldBe("c2");
        trouble.Message.ShouldContain("release it");
    }

    [Fact]
    public async Task AnOutputBeyondTwoToTheTwentyElementsIsRefused()
    {
        await using var worker = await StartAndGreetAsync();
        var large = Requests.Small(batch: 8193);
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(Dense, gate: false, parameters: large));

        var trouble = await worker.AskAsync<Reply.Trouble>(new Request.Output("c1"));

        trouble.Message.ShouldContain("1048704 elements");
        trouble.Message.ShouldContain("at most 1048576");
    }

    [Theory]
    [InlineData("libtcmalloc_minimal.so.4", "libtcmalloc")]
    [InlineData("libjemalloc.so.2", "libjemalloc")]
    public async Task ThePreloadedAllocatorIsRecorded(string library, string recorded)
    {
        if (!Directory.EnumerateFiles("/usr/lib", library, SearchOption.AllDirectories).Any())
        {
            Assert.Skip($"{library} is not installed (apt-get install libtcmalloc-minimal4 libjemalloc2)");
        }

        await using var worker = Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_PRELOAD"] = library }
        );

        (await worker.AskAsync<Reply.Hello>(Requests.Hello())).Environment["allocator"].ShouldStartWith(recorded);
    }
}
