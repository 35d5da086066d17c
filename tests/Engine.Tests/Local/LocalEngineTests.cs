using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Launches;
using Layerbench.Engine.Tests.Workers;

namespace Layerbench.Engine.Tests.Local;

public sealed class LocalEngineTests : IAsyncDisposable
{
    private readonly LocalBench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private static List<Cell> Sound(int count) => [.. Enumerable.Range(0, count).Select(i => Cells.Simulated(i))];

    [Fact]
    public async Task EveryCellIsMeasuredOnceOnSomeDevice()
    {
        var cells = Sound(200);
        var summary = await bench.RunAsync(cells);

        summary.End.ShouldBe(RunEnd.Finished);
        summary.Outcomes.ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["completed"] = 200 });
        var results = await bench.ResultsAsync();
        results.Select(r => r.Index).ShouldBe(Enumerable.Range(0, 200).Select(i => (long)i));
        results.Select(r => r.Device!.Value.Value).Distinct().Count().ShouldBe(4);
        foreach (var cell in cells)
        {
            (await bench.LaunchesAsync(cell))
                .Select(l => (l.Kind, l.Number))
                .ShouldBe([(LaunchKind.Time, 0), (LaunchKind.Time, 1), (LaunchKind.Memory, 0)]);
        }
    }

    [Fact]
    public async Task ThoseWhoWatchAreToldFromStartToEnd()
    {
        await bench.RunAsync(Sound(20));
        var started = bench.Events[0].ShouldBeOfType<EngineEvent.SweepStarted>();
        (started.Cells, started.FinishedBefore, started.Devices.Count).ShouldBe((20, 0, 4));
        bench
            .Events.OfType<EngineEvent.CellFinished>()
            .Select(e => e.Result.Index)
            .Order()
            .ShouldBe(Enumerable.Range(0, 20).Select(i => (long)i));
        bench.Events.OfType<EngineEvent.CellFinished>().ShouldAllBe(e => e.Estimate!.TimeLaunches == 2);
        var last = bench.Events.OfType<EngineEvent.ProgressMade>().Last();
        (last.Progress.Finished, last.Progress.InFlight, last.Eta).ShouldBe((20, 0, TimeSpan.Zero));
        // Two time launches and a memory launch of each.
        (last.LaunchesDone, last.LaunchesExpected).ShouldBe((60, 60));
        bench.Events[^1].ShouldBeOfType<EngineEvent.SweepEnded>().End.ShouldBe(RunEnd.Finished);
    }

    [Fact]
    public async Task ProgressCountsLaunchesAndIsNeverAboutToEndBeforeItDoes()
    {
        bench.Devices = [bench.Devices[0]];
        bench.Measure = bench.Measure with { Launches = 5 };
        await bench.RunAsync(Sound(3));

        var told = bench.Events.OfType<EngineEvent.ProgressMade>().ToList();
        told.Select(p => p.LaunchesExpected).ShouldAllBe(e => e == 18);
        told.Select(p => p.LaunchesDone).ShouldBe([3, 6, 9, 12, 15, 18, 18]);
        told.Select(p => p.Progress.Finished).ShouldBe([0, 0, 0, 0, 0, 0, 3]);
        told.Take(5).ShouldAllBe(p => p.Eta > TimeSpan.Zero);
        // All known launches are stored, but the slice has not said that its cells need no more.
        told[5].Eta.ShouldBeNull();
        told[^1].Eta.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(
        "crash",
        "poisoned",
        "its worker died 3 times on it and it was set aside; last worker_lost: the worker was killed by signal 9 (out of memory?)"
    )]
    [InlineData(
        "hang",
        "poisoned",
        "its worker died 3 times on it and it was set aside; last timeout: the worker did not answer within 30 s and was killed"
    )]
    [InlineData(
        "garbage",
        "poisoned",
        "its worker died 3 times on it and it was set aside; last protocol: the worker wrote a line that is no message: simulated garbage"
    )]
    [InlineData("oom", "failed", "out of memory: simulated: out of memory")]
    [InlineData("error", "failed", "simulated: an error")]
    [InlineData("unsupported", "skipped", "a simulated refusal")]
    [InlineData("incorrect", "incorrect", "a simulated wrong output")]
    public async Task AFaultyCellEndsAsItMustAndSpoilsNoOther(string fault, string outcome, string reason)
    {
        var cells = Sound(10);
        cells[3] = Cells.Simulated(3, ("fault", AxisValue.Of(fault)));
        var summary = await bench.RunAsync(cells);
        summary.End.ShouldBe(RunEnd.Finished);
        summary.Outcomes["completed"].ShouldBe(9);
        (await bench.ResultsAsync())[3].Outcome.ShouldBe(Outcome.Read(outcome, reason));
    }

    [Fact]
    public async Task AHangMuchLongerThanALeaseLosesNoLease()
    {
        bench.Measure = Cells.Measure with { CellTimeout = TimeSpan.FromHours(2) };
        var cells = Sound(8);
        cells[0] = Cells.Simulated(0, ("fault", AxisValue.Of("hang")), ("fault_rate", AxisValue.Of(1L)));
        await bench.RunAsync(cells);
        bench.Events.OfType<EngineEvent.IncidentSeen>().Count().ShouldBe(3);
        bench.Events.OfType<EngineEvent.SliceLeased>().Max(e => e.Attempt).ShouldBe(3);
    }

    [Fact]
    public async Task AnInterruptedRunGoesOnWithNothingLostAndNothingTwice()
    {
        var cells = Sound(60);
        using var stop = new CancellationTokenSource();
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.CellFinished)
            {
                stop.Cancel();
            }
        };
        (await bench.RunAsync(cells, stop)).End.ShouldBe(RunEnd.Interrupted);
        var before = await bench.ResultsAsync();
        before.Count.ShouldBeInRange(1, 59);

        bench.OnEvent = static _ => { };
        bench.Events.Clear();
        (await bench.RunAsync(cells)).End.ShouldBe(RunEnd.Finished);
        bench.Events.OfType<EngineEvent.SweepStarted>().Single().FinishedBefore.ShouldBe(before.Count);
        bench.Events.OfType<EngineEvent.CellFinished>().Count().ShouldBe(60 - before.Count);
        foreach (var cell in cells)
        {
            (await bench.LaunchesAsync(cell)).Count.ShouldBe(3);
        }
    }

    [Fact]
    public async Task AKilledRunGoesOnToo()
    {
        var cells = Sound(60);
        using var kill = new CancellationTokenSource();
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.LaunchStored { Kind: LaunchKind.Time, Number: 1 })
            {
                kill.Cancel();
            }
        };
        (await bench.RunAsync(cells, kill: kill)).End.ShouldBe(RunEnd.Interrupted);
        bench.OnEvent = static _ => { };
        (await bench.RunAsync(cells)).Outcomes["completed"].ShouldBe(60);
        foreach (var cell in cells)
        {
            (await bench.LaunchesAsync(cell)).Count.ShouldBe(3);
        }
    }

    [Fact]
    public async Task WhenTheBudgetIsSpentNothingMoreIsStarted()
    {
        // A launch of a cell takes 0.2 s of warm-up and more, so that 4 devices come to about 100 cells in 20 s.
        bench.Measure = Cells.Measure with
        {
            SweepBudget = TimeSpan.FromSeconds(20),
        };
        var summary = await bench.RunAsync(Sound(2000));
        summary.End.ShouldBe(RunEnd.BudgetSpent);
        summary.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
        (await bench.ResultsAsync()).Count.ShouldBeInRange(1, 400);
    }

    [Fact]
    public async Task ABackendThatDoesNotStartEndsTheRunWithTheReason()
    {
        bench.Workers = new FakeWorker("--cannot-start");
        bench.Devices = [FakeWorker.Cpu with { Cpus = [0] }];
        var summary = await bench.RunAsync([Cells.Fake(0), Cells.Fake(1)]);
        summary.End.ShouldBe(RunEnd.BackendUnusable);
        summary.Reason.ShouldBe(
            "The backend 'fake' cannot be used: 3 starts in a row failed, the last because the worker exited with code 1\n"
                + "ImportError: libtorch.so: cannot open shared object file"
        );
        summary.Outcomes.ShouldBeEmpty();
        bench.Events[^1].ShouldBeOfType<EngineEvent.SweepEnded>().Reason.ShouldBe(summary.Reason);
    }

    [Fact]
    public async Task AnErrorInOneLoopEndsAllAndReleasesTheDevices()
    {
        bench.Devices = DeviceSelection.Resolve(["cpu:0", "cpu:1"], [FakeWorker.Cpu with { Cpus = [0, 1] }]).Devices;
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.CellFinished)
            {
                throw new InvalidOperationException("a bug in a view");
            }
        };
        var e = await Should.ThrowAsync<InvalidOperationException>(() => bench.RunAsync(Sound(50)));
        e.Message.ShouldBe("a bug in a view");
        bench.OnEvent = static _ => { };
        bench.Events.Clear();
        (await bench.RunAsync(Sound(50))).Outcomes["completed"].ShouldBe(50);
        bench.Events.OfType<EngineEvent.DeviceBusy>().ShouldBeEmpty();
    }

    [Fact]
    public async Task ADeviceThatAnotherRunHoldsIsWaitedFor()
    {
        bench.Devices = [FakeWorker.Cpu with { Cpus = [0] }];
        var other = await DeviceLock.AcquireAsync(
            bench.Devices[0],
            bench.LockFolder,
            TimeProvider.System,
            _ => { },
            TestContext.Current.CancellationToken
        );
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.DeviceBusy)
            {
                other.Dispose();
            }
        };
        (await bench.RunAsync(Sound(2))).End.ShouldBe(RunEnd.Finished);
        bench.Events.OfType<EngineEvent.DeviceBusy>().Single().Holder.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task TheSameSeedGivesTheSameSamplesHoweverManyDevicesThereAre()
    {
        await using var other = new LocalBench { Devices = DeviceSelection.Resolve(["simulated:1"], []).Devices };
        bench.Measure = other.Measure = Cells.Measure with { Launches = 1, MemoryLaunches = 0 };
        var cells = Enumerable
            .Range(0, 5)
            .Select(i => Cells.Simulated(i, ("noise", AxisValue.Of(0L)), ("launch_noise", AxisValue.Of(0L))))
            .ToList();
        await bench.RunAsync(cells);
        await other.RunAsync(cells);
        foreach (var cell in cells)
        {
            var one = (await bench.LaunchesAsync(cell)).Single().Samples;
            one.ShouldBe((await other.LaunchesAsync(cell)).Single().Samples);

            // 100 µs an iteration, and the 1 ms that a sample must take.
            one.ShouldAllBe(s => s.Iterations == 10 && s.WallNanoseconds == 1_000_000);
        }
    }

    [Fact]
    public async Task ARunWithoutDevicesIsRefused()
    {
        bench.Devices = [];
        await Should.ThrowAsync<ArgumentException>(() => bench.RunAsync(Sound(1)));
    }
}
