using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class ExchangeTests
{
    private static readonly string[] Dense = ["ffn.dense"];

    [Fact]
    public async Task AWholeExchangeEndsWithExitCodeZero()
    {
        await using var worker = PyTorchWorker.Start();

        var hello = await worker.AskAsync<Reply.Hello>(PyTorchWorker.Hello());
        hello.Protocol.ShouldBe(ProtocolVersion.Current);
        hello.Backend.ShouldBe("pytorch");
        hello.Version.ShouldNotBeEmpty();
        foreach (var entry in new[] { "framework", "python", "blas", "allocator", "affinity", "threads", "tf32" })
        {
            hello.Environment.Keys.ShouldContain(entry);
        }

        var prepared = await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(["ffn.dense", "ffn.conv1d"]));
        prepared.Cell.ShouldBe("c1");
        prepared.Variants.Select(v => v.Label).ShouldBe(["ffn.dense 0", "ffn.conv1d 1"]);
        prepared.Variants.Select(v => v.ParameterCount).ShouldBe([1600L, 1600L]);

        var measured = await worker.MeasureAsync(
            PyTorchWorker.Measure([
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
        await using var worker = PyTorchWorker.Start();

        var hello = await worker.AskAsync<Reply.Hello>(PyTorchWorker.Hello(protocol: 99));

        hello.Protocol.ShouldBe(1);
        hello.Version.ShouldBeEmpty();
    }

    [Fact]
    public async Task ALineThatIsNoJsonEndsTheWorker()
    {
        await using var worker = PyTorchWorker.Start();

        await worker.SendLineAsync("\u0000\u0001 garbage");

        (await worker.ExpectAsync<Reply.Trouble>()).Message.ShouldContain("no JSON");
        (await worker.ReceiveAsync()).ShouldBeNull();
        (await worker.ExitCodeAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task AnUnknownTypeEndsTheWorker()
    {
        await using var worker = PyTorchWorker.Start();

        await worker.SendLineAsync("""{"type":"dance"}""");

        (await worker.ExpectAsync<Reply.Trouble>()).Message.ShouldContain("'dance' is unknown");
        (await worker.ExitCodeAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData("nope.nothing", "forward", "float32", "unsupported", "nope.nothing")]
    [InlineData("ffn.dense", "sideways", "float32", "unsupported", "sideways")]
    [InlineData("ffn.dense", "forward", "int4", "unsupported", "int4")]
    public async Task WhatIsUnknownIsToldAndTheWorkerGoesOn(
        string variant,
        string pass,
        string dtype,
        string kind,
        string named
    )
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();

        var trouble = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare([variant], pass, dtype));

        trouble.Cell.ShouldBe("c1");
        trouble.Kind.ShouldBe(kind);
        trouble.Message.ShouldContain($"'{named}' is unknown");
        await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(Dense));
    }

    [Fact]
    public async Task AMissingParameterAndOneOutOfRangeAreNamed()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var parameters = PyTorchWorker.Small();
        parameters.Remove("d_ff");
        var missing = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare(Dense, parameters: parameters));
        missing.Message.ShouldContain("parameters.d_ff: is missing");
        missing.Variant.ShouldBe("ffn.dense 0");

        parameters["d_ff"] = AxisValue.Of(0);
        var zero = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare(Dense, parameters: parameters));
        zero.Message.ShouldContain("parameters.d_ff: is 0; give at least 1");
    }

    [Fact]
    public async Task ACellThatCannotFitIsOutOfMemoryAndTheWorkerGoesOn()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var huge = PyTorchWorker.Small();
        huge["batch"] = AxisValue.Of(1_000_000);
        huge["seq_len"] = AxisValue.Of(1_000_000);

        var trouble = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare(Dense, parameters: huge));

        trouble.Kind.ShouldBe("oom");
        await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(Dense));
    }

    [Fact]
    public async Task ADtypeTheFrameworkLacksIsUnsupportedAndNotAnError()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();

        await worker.SendAsync(PyTorchWorker.Prepare(Dense, dtype: "float16"));

        // Half on the CPU came with torch 2; torch 1.13 says "not implemented for 'Half'".
        var reply = await worker.ReceiveAsync();
        if (reply is not Reply.Prepared)
        {
            reply.ShouldBeOfType<Reply.Trouble>().Kind.ShouldBe("unsupported");
        }
    }

    [Fact]
    public async Task ACudaDeviceThatIsNotThereIsRefused()
    {
        await using var worker = PyTorchWorker.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CUDA_VISIBLE_DEVICES"] = "" }
        );

        var trouble = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Hello() with { Device = "cuda:0" });

        trouble.Kind.ShouldBe("unsupported");
    }

    [Fact]
    public async Task OneCellIsPreparedAtATime()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(Dense));

        var trouble = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare(Dense) with { Cell = "c2" });

        trouble.Cell.ShouldBe("c2");
        trouble.Message.ShouldContain("release it first");
        await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"));
    }

    [Fact]
    public async Task AnOutputBeyondTwoToTheTwentyElementsIsRefused()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        var large = PyTorchWorker.Small();
        large["batch"] = AxisValue.Of(8193);
        await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(Dense, gate: false, parameters: large));

        var trouble = await worker.AskAsync<Reply.Trouble>(new Request.Output("c1"));

        trouble.Message.ShouldContain("1048704 elements; at most 1048576");
    }

    [Fact]
    public async Task ThreadsAndFlagsAreSetAndRecorded()
    {
        await using var worker = PyTorchWorker.Start();

        var request = PyTorchWorker.Hello(threads: 2);
        var hello = await worker.AskAsync<Reply.Hello>(
            request with
            {
                Flags = new Dictionary<string, bool>(request.Flags, StringComparer.Ordinal) { ["tf32"] = true },
            }
        );

        hello.Environment["threads"].ShouldBe("2");
        hello.Environment["interop_threads"].ShouldBe("1");
        hello.Environment["tf32"].ShouldBe("true");
        hello.Environment["deterministic"].ShouldBe("false");
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

        await using var worker = PyTorchWorker.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_PRELOAD"] = library }
        );

        (await worker.AskAsync<Reply.Hello>(PyTorchWorker.Hello())).Environment["allocator"].ShouldStartWith(recorded);
    }

    [Fact]
    public async Task AWorkerWhoseDeviceIsLostSaysSoAndEnds()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);

        var trouble = await worker.AskAsync<Reply.Trouble>(PyTorchWorker.Prepare(["broken.device"]));

        trouble.Kind.ShouldBe("error");
        trouble.Message.ShouldContain("device-side assert");
        (await worker.ExitCodeAsync()).ShouldBe(3);
        worker.Errors.ShouldContain("Traceback");
    }

    [Fact]
    public async Task WhatLibrariesPrintGoesToStandardErrorAndNotIntoTheProtocol()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);

        await worker.AskAsync<Reply.Prepared>(PyTorchWorker.Prepare(["broken.prints"]));
        await worker.AskAsync<Reply.Bye>(new Request.Bye());
        await worker.ExitCodeAsync();

        worker.Errors.ShouldContain("hello from a library");
    }
}
