using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Workers;

/// <summary>Real child processes that misbehave in every way there is; each must be named rightly, in time, and leave nothing.</summary>
public sealed class WorkerProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exit", LossCause.WorkerLost, "the worker exited with code 3")]
    [InlineData("exit_zero", LossCause.WorkerLost, "the worker exited with code 0 before its work was done")]
    [InlineData("sigkill", LossCause.WorkerLost, "the worker was killed by signal 9 (out of memory?)")]
    [InlineData("segfault", LossCause.WorkerLost, "the worker was killed by signal 11 (segmentation fault)")]
    [InlineData("hang", LossCause.Timeout, "the worker did not answer within 1.5 s and was killed")]
    [InlineData("garbage", LossCause.Protocol, "Segmentation fault (core dumped)")]
    [InlineData("untyped", LossCause.Protocol, "the worker wrote a line without a type: {\"cell\": \"x\"}")]
    [InlineData("unknown_type", LossCause.Protocol, "surprise")]
    [InlineData(
        "half_line",
        LossCause.Protocol,
        "the worker ended in the middle of a line: {\"type\": \"measured\", \"ce"
    )]
    [InlineData("huge_line", LossCause.Protocol, "the worker wrote a line longer than 16777216 bytes: xxx")]
    [InlineData("close_stdout", LossCause.Protocol, "the worker closed its standard output and went on running")]
    public async Task AMisbehavingWorkerIsNamedAndLeavesNoProcess(string behave, string cause, string message)
    {
        int pid;
        await using (var worker = await PreparedAsync(behave))
        {
            pid = worker.ProcessId;
            worker.Send(Measure);
            var patience = cause == LossCause.Timeout ? Short : Patience;
            var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            {
                while (true)
                {
                    await worker.ReceiveAsync(patience, Cancellation);
                }
            });
            lost.Cause.ShouldBe(cause);
            lost.Message.ShouldContain(message);
            FakeWorker.ShouldBeGone(pid);
        }
    }

    [Fact]
    public async Task TheLastWordsOnStandardErrorAreKept()
    {
        await using var worker = await PreparedAsync("exit");
        worker.Send(Measure);
        var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            await worker.ReceiveAsync(Patience, Cancellation)
        );
        lost.StderrTail.ShouldBe("last words\n");
    }

    [Fact]
    public async Task AHundredMegabytesOnStandardErrorBlockNothingAndLeaveATail()
    {
        await using var worker = await StartAsync("--flood");
        worker.Send(FakeWorker.Hello);
        (await worker.ReceiveAsync(Patience, Cancellation)).ShouldBeOfType<Reply.Hello>();
        worker.Send(new Request.Bye());
        await worker.ReceiveAsync(Patience, Cancellation);
        await worker.DisposeAsync();
        worker.StderrTail.Length.ShouldBe(StderrTail.DefaultCapacity);
        worker.StderrTail.ShouldEndWith("y\nend of flood\n");
    }

    [Theory]
    [InlineData("grandchild_then_sigkill")]
    [InlineData("grandchild_of_own_session_then_hang")]
    public async Task WhatAWorkerStartedDiesWithIt(string behave)
    {
        await using var worker = await PreparedAsync(behave);
        worker.Send(Measure);
        var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            await worker.ReceiveAsync(
                behave.EndsWith("hang", StringComparison.Ordinal) ? Short : Patience,
                Cancellation
            )
        );
        var grandchild = int.Parse(lost.StderrTail.Split(' ')[1], CultureInfo.InvariantCulture);

        // Its new parent reaps it, when it likes: dead is enough.
        SpinWait.SpinUntil(() => !FakeWorker.IsAlive(grandchild), Patience).ShouldBeTrue();
        FakeWorker.ShouldBeGone(worker.ProcessId);
    }

    [Fact]
    public async Task AWorkerThatNeverReadsDoesNotBlockItsEngine()
    {
        await using var worker = await StartAsync("--noread");
        worker.Send(
            new Request.Measure("c", [.. Enumerable.Repeat<IReadOnlyList<int>>([0, 1], 100_000)], 1, 0, 0) // > a pipe
        );
        var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            await worker.ReceiveAsync(Short, Cancellation)
        );
        lost.Cause.ShouldBe(LossCause.Timeout);
    }

    [Fact]
    public async Task DisposingEndsAWorkerInTheMiddleOfItsWork()
    {
        var worker = await PreparedAsync("hang");
        worker.Send(Measure);
        await worker.DisposeAsync();
        FakeWorker.ShouldBeGone(worker.ProcessId);
    }

    [Fact]
    public async Task AWorkerThatSaysByeExitsByItself()
    {
        var worker = await StartAsync();
        worker.Send(new Request.Bye());
        (await worker.ReceiveAsync(Patience, Cancellation)).ShouldBeOfType<Reply.Bye>();
        var lost = await Should.ThrowAsync<WorkerLostException>(async () =>
            await worker.ReceiveAsync(Patience, Cancellation)
        );
        lost.Message.ShouldBe("the worker exited with code 0 before its work was done");
        await worker.DisposeAsync();
        FakeWorker.ShouldBeGone(worker.ProcessId);
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsALossWithItsName()
    {
        var lost = await Should.ThrowAsync<WorkerLostException>(() =>
            WorkerProcess.StartAsync(
                new WorkerCommand("/no/such/worker", []),
                LaunchEnvironment.For(FakeWorker.Start(), Allocator.Glibc) with
                {
                    Prefix = [],
                },
                TimeProvider.System
            )
        );
        lost.Message.ShouldStartWith("'/no/such/worker' cannot be started: ");
    }

    [Fact]
    public async Task TimeLaunchesGetTheAllocatorAndMemoryLaunchesGlibcWithThresholds()
    {
        var allocator = new Allocator("empty", "/dev/null"); // ld.so complains on standard error and goes on
        var time = await EchoAsync(FakeWorker.Start(), allocator);
        time["LD_PRELOAD"].ShouldBe("/dev/null");
        time["MALLOC_MMAP_THRESHOLD_"].ShouldBe("unset");
        time["OMP_NUM_THREADS"].ShouldBe("2");
        time["CUDA_VISIBLE_DEVICES"].ShouldBe("");

        var memory = await EchoAsync(FakeWorker.Start(LaunchKind.Memory), allocator);
        memory["LD_PRELOAD"].ShouldBe("unset");
        memory["MALLOC_MMAP_THRESHOLD_"].ShouldBe("65536");
    }

    [Fact]
    public async Task AWorkerIsBoundToTheCpusOfItsDevice()
    {
        Assert.SkipWhen(Programs.Find("taskset") is null, "there is no taskset here");
        var environment = await EchoAsync(FakeWorker.Start(cpus: [0]), Allocator.Glibc);
        environment["cpus_seen"].ShouldBe("0");
    }

    private static async Task<IReadOnlyDictionary<string, string>> EchoAsync(WorkerStart start, Allocator allocator)
    {
        await using var worker = await WorkerProcess.StartAsync(
            FakeWorker.Command("--echo"),
            LaunchEnvironment.For(start, allocator),
            TimeProvider.System
        );
        worker.Send(FakeWorker.Hello);
        return ((Reply.Hello)await worker.ReceiveAsync(Patience, Cancellation)).Environment;
    }

    private static Task<WorkerProcess> StartAsync(params string[] arguments) =>
        WorkerProcess.StartAsync(
            FakeWorker.Command(arguments),
            LaunchEnvironment.For(FakeWorker.Start(), Allocator.Glibc),
            TimeProvider.System
        );

    private static Request.Measure Measure { get; } =
        new(
            "c",
            [
                [0],
            ],
            1,
            0,
            0
        );

    private static async Task<WorkerProcess> PreparedAsync(string behave)
    {
        var worker = await StartAsync();
        var parameters = new Dictionary<string, AxisValue>(StringComparer.Ordinal)
        {
            ["behave"] = AxisValue.Of(behave),
        };
        worker.Send(
            new Request.Prepare(
                "c",
                "forward",
                "float32",
                1,
                Gate: true,
                [new PreparedVariant("a", "fake.one", parameters)]
            )
        );
        (await worker.ReceiveAsync(Patience, Cancellation)).ShouldBeOfType<Reply.Prepared>();
        return worker;
    }
}
