using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Launches;

namespace Layerbench.Engine.Tests.Launches;

public sealed class SliceRunnerTests : IAsyncDisposable
{
    private readonly Bench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task EveryLaunchIsAFreshProcessThatSeesAllCells()
    {
        var cells = Enumerable.Range(0, 3).Select(i => Cells.Fake(i)).ToList();
        var told = await bench.RunAsync(cells);

        told.ShouldBe(cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed())));
        bench.Workers.ProcessIds.Distinct().Count().ShouldBe(3); // two time launches and one for memory
        bench.Workers.Starts.Select(s => s.Kind).ShouldBe([LaunchKind.Time, LaunchKind.Time, LaunchKind.Memory]);
        foreach (var cell in cells)
        {
            (await bench.LaunchNumbersAsync(cell)).ShouldBe([
                (LaunchKind.Time, 0),
                (LaunchKind.Time, 1),
                (LaunchKind.Memory, 0),
            ]);
        }

        (await bench.OutcomesAsync()).ShouldBe([
            new Outcome.Completed(),
            new Outcome.Completed(),
            new Outcome.Completed(),
        ]);
    }

    [Fact]
    public async Task CurvesOfATimedPassAreKeptWithoutPointsThatAreNoNumbers()
    {
        var cell = Cells.Fake(1, "curves");
        await bench.RunAsync(cell);

        var launches = await bench.LaunchesAsync(cell);

        launches.Select(l => l.Curves.Count).ShouldBe([1, 1, 0]); // the last is of memory
        var curves = launches[0].Curves[0];
        curves.Variant.ShouldBe(1);
        curves.Series.Keys.ShouldBe(["loss"]);
        curves.Series["loss"].ShouldBe([new CurvePoint(1, 0.75), new CurvePoint(3, 0.5)]);
    }

    [Fact]
    public async Task ALaunchIsRecordedAsItWas()
    {
        var cell = Cells.Fake(1);
        await bench.RunAsync(cell);

        var launches = await bench.LaunchesAsync(cell);
        var first = launches[0];
        first.Phases.ShouldBe(
            new PhaseTimes(TimeSpan.FromSeconds(0.125), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.5))
        );
        // The gate runs in the first launch only, and the memory launch does not count.
        bench.LaunchSeconds.ShouldBe([(0.825 + 0.7) / 2]);
        first.Steady.ShouldBeTrue();
        first.ProcessStart.ShouldBeGreaterThan(TimeSpan.Zero);
        first.Variants.ShouldBe([
            new VariantFacts("a", 5, 1e-7, null, null),
            new VariantFacts("b", 5, 1e-7, null, null),
        ]);
        first.Samples.Count.ShouldBe(6);
        first.Samples.ShouldAllBe(s =>
            s.Iterations == 7 && s.WallNanoseconds == 1000 + s.Variant && s.DeviceNanoseconds == null
        );
        first.Samples.Select(s => (s.Variant, s.Block)).Distinct().Count().ShouldBe(6);

        launches[1].Variants[0].ForwardError.ShouldBeNull("the gate is for the first launch");
        launches[1].Seed.ShouldNotBe(first.Seed);
        launches[2].Memory.ShouldBe([new MemoryPeak(0, 4096, "fake"), new MemoryPeak(1, 4096, "fake")]);
        launches.Select(l => l.Fingerprint).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task TheFingerprintNamesTheEnvironmentAndNotTheWorkersOwnAllocator()
    {
        await bench.RunAsync(Cells.Fake(1));
        var entries = (await bench.Store.FingerprintsAsync(bench.Sweep, CancellationToken.None)).Single().Entries;
        entries["allocator"].ShouldBe("glibc");
        entries["allocator_memory"].ShouldBe("glibc, mmap and trim threshold 65536");
        entries["says"].ShouldBe("one");
        entries["backend"].ShouldBe("fake");
        entries["backend_version"].ShouldBe("1.0");
        entries["threads_asked"].ShouldBe("1");
        entries["seed"].ShouldBe("7");
        entries["device"].ShouldBe("cpu");
        entries["device_model"].ShouldBe("a CPU");
        entries["flag_tf32"].ShouldBe("false");
        string[] host = ["kernel", "governor", "cpu_model", "product_version", "git_commit", "cgroup_memory_bytes"];
        host.Except(entries.Keys, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task TheSameSeedGivesTheSameOrdersAndCellsTakeTurnsAtThePlaces()
    {
        bench.Measure = Cells.Measure with { Launches = 8, MemoryLaunches = 0 };
        var cells = Enumerable.Range(0, 4).Select(i => Cells.Fake(i)).ToList();
        await bench.RunAsync(cells);
        await using var again = new Bench { Measure = bench.Measure };
        await again.RunAsync(cells);

        var firstLaunches = (await bench.LaunchesAsync(cells[0])).ToList();
        var secondLaunches = (await again.LaunchesAsync(cells[0])).ToList();
        firstLaunches
            .ConvertAll(l => (l.Position, l.Seed))
            .ShouldBe(secondLaunches.ConvertAll(l => (l.Position, l.Seed)));
        firstLaunches
            .ConvertAll(l => string.Join(' ', l.Samples.Select(s => s.Variant)))
            .ShouldBe(secondLaunches.ConvertAll(l => string.Join(' ', l.Samples.Select(s => s.Variant))));
        firstLaunches.Select(l => l.Position).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task AResumedCellGoesOnAtItsNextLaunch()
    {
        var cell = Cells.Fake(1);
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.LaunchStored)
            {
                bench.Stop.Cancel();
            }
        };
        (await bench.RunAsync(cell)).ShouldBe([new CellTold.HandedBack(1)]);
        (await bench.LaunchNumbersAsync(cell)).ShouldBe([(LaunchKind.Time, 0)]);

        bench.StartAgain();
        (await bench.RunAsync(cell)).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);
        (await bench.LaunchNumbersAsync(cell)).ShouldBe([
            (LaunchKind.Time, 0),
            (LaunchKind.Time, 1),
            (LaunchKind.Memory, 0),
        ]);
        var finished = bench.Events.OfType<EngineEvent.CellFinished>().Single();
        finished.Estimate!.TimeLaunches.ShouldBe(2, "the launch of the earlier run counts");
    }

    [Fact]
    public async Task ACellWithAllItsLaunchesStartsNoWorker()
    {
        var cell = Cells.Fake(1);
        await bench.RunAsync(cell);
        bench.Workers.Starts.Clear();
        (await bench.RunAsync(cell)).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);
        bench.Workers.Starts.ShouldBeEmpty();
    }

    [Fact]
    public async Task LaunchesOfAnotherEnvironmentAreSetAsideAndTheCellStartsAgain()
    {
        var cell = Cells.Fake(1);
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.LaunchStored { Kind: LaunchKind.Time, Number: 0 })
            {
                File.WriteAllText(bench.Says, "two");
            }
        };
        (await bench.RunAsync(cell)).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);

        var launches = await bench.LaunchesAsync(cell);
        launches
            .Select(l => (l.Kind, l.Number))
            .ShouldBe([(LaunchKind.Time, 0), (LaunchKind.Time, 1), (LaunchKind.Memory, 0)]);
        launches.Select(l => l.Fingerprint).Distinct().Count().ShouldBe(1);
        bench.Workers.Starts.Count.ShouldBe(4);
        launches[0].Variants[0].ForwardError.ShouldBe(1e-7, "a cell that starts again is gated again");
    }

    [Fact]
    public async Task AnEnvironmentThatNeverStaysTheSameEndsTheRunAndIsNamed()
    {
        bench.Workers = new("--restless");
        var e = await Should.ThrowAsync<BackendUnusableException>(() => bench.RunAsync(Cells.Fake(1)));
        e.Message.ShouldMatch(
            "environment of its workers changes from launch to launch.*: random was '\\d+' and is '\\d+'$"
        );
    }

    [Fact]
    public async Task ASoftStopKeepsWhatTheLaunchHasBrought()
    {
        var cells = Enumerable.Range(0, 3).Select(i => Cells.Fake(i)).ToList();
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.CellStarted)
            {
                bench.Stop.Cancel();
            }
        };
        var told = await bench.RunAsync(cells);
        told.ShouldBe(cells.Select(c => new CellTold.HandedBack(c.Index)));
        var stored = 0;
        foreach (var cell in cells)
        {
            stored += (await bench.LaunchesAsync(cell)).Count;
        }

        stored.ShouldBe(1);
    }

    [Fact]
    public async Task AHardKillEndsTheWorkerInTheMiddleOfACell()
    {
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.CellStarted)
            {
                bench.Kill.CancelAfter(TimeSpan.FromMilliseconds(200));
            }
        };
        (await bench.RunAsync(Cells.Fake(1, "hang"))).ShouldBe([new CellTold.HandedBack(1)]);
        (await bench.LaunchesAsync(Cells.Fake(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task ACellThatHasSpentItsBudgetIsUnconverged()
    {
        bench.Measure = Cells.Measure with { CellBudget = TimeSpan.FromSeconds(0.8) }; // a launch takes 0.825 s, as the worker tells
        var told = await bench.RunAsync(Cells.Fake(1));
        told.ShouldBe([new CellTold.Ended(1, new Outcome.Unconverged("budget of 0.8s spent after 1 launch"))]);
    }
}
