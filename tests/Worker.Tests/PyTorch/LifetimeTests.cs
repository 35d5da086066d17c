using System.Diagnostics;
using System.Text.Json;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>The worker never outlives its engine.</summary>
public sealed class LifetimeTests
{
    /// <summary>Takes a quarter of an hour unless something ends it.</summary>
    private static readonly Request.Measure LongMeasurement = Requests.Measure(
        [.. Enumerable.Repeat<IReadOnlyList<int>>([0], 1000)],
        minimumSampleNanoseconds: 1_000_000_000
    );

    /// <summary>A parent that starts the worker, passes on what it is given and says when the measurement runs.</summary>
    private const string Parent = """
        import subprocess, sys, time
        worker = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        worker.stdin.write(sys.stdin.buffer.read())
        worker.stdin.flush()
        for line in worker.stdout:
            if b'"warmed"' in line:
                print("measuring", flush=True)
        """;

    [Fact]
    public async Task TheEndOfInputEndsAnIdleWorker()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task TheEndOfInputEndsAMeasurementAtOnce()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"]));
        await worker.SendAsync(LongMeasurement);
        await worker.ExpectAsync<Reply.Warmed>();

        worker.CloseInput();

        (await worker.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task WhatWasSentBeforeTheEndOfInputIsStillAnswered()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync();
        await worker.SendAsync(new Request.Bye());

        worker.CloseInput();

        await worker.ExpectAsync<Reply.Bye>();
        (await worker.ExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task AKilledParentTakesTheWorkerWithItInTheMiddleOfAMeasurement()
    {
        var python = PyTorchWorker.PythonOrSkip();
        var cancellation = TestContext.Current.CancellationToken;
        using var parent = Process.Start(
            new ProcessStartInfo(python, ["-c", Parent, python, PyTorchWorker.Script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        foreach (
            Request request in new Request[] { Requests.Hello(), Requests.Prepare(["ffn.dense"]), LongMeasurement }
        )
        {
            await parent.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, ProtocolJson.Options));
        }

        parent.StandardInput.Close();
        (await parent.StandardOutput.ReadLineAsync(cancellation)).ShouldBe("measuring");

        parent.Kill(entireProcessTree: false);

        // Standard error ends when its last holder does: the worker has it too.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await parent.StandardError.ReadToEndAsync(limit.Token);
    }
}
