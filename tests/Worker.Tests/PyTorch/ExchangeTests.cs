using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class ExchangeTests : ExchangeContract
{
    private protected override string Backend => "pytorch";

    private protected override WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null) =>
        PyTorchWorker.Start(environment);

    [Fact]
    public async Task PythonAndTheFlagsAreRecorded()
    {
        await using var worker = PyTorchWorker.Start();

        var request = Requests.Hello();
        var hello = await worker.AskAsync<Reply.Hello>(
            request with
            {
                Flags = new Dictionary<string, bool>(request.Flags, StringComparer.Ordinal) { ["tf32"] = true },
            }
        );

        hello.Environment["python"].ShouldStartWith("3.");
        hello.Environment["tf32"].ShouldBe("true");
        hello.Environment["deterministic"].ShouldBe("false");
    }

    [Fact]
    public async Task AWorkerWhoseDeviceIsLostSaysSoAndEnds()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);

        var trouble = await worker.AskAsync<Reply.Trouble>(Requests.Prepare(["broken.device"]));

        trouble.Kind.ShouldBe("error");
        trouble.Message.ShouldContain("device-side assert");
        (await worker.ExitCodeAsync()).ShouldBe(3);
        worker.Errors.ShouldContain("Traceback");
    }

    [Fact]
    public async Task WhatLibrariesPrintGoesToStandardErrorAndNotIntoTheProtocol()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(PyTorchWorker.BrokenVariants);

        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["broken.prints"]));
        await worker.AskAsync<Reply.Bye>(new Request.Bye());
        await worker.ExitCodeAsync();

        worker.Errors.ShouldContain("hello from a library");
    }
}
