using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Launches;

/// <summary>Workers that die, lie or complain in the middle of a slice.</summary>
public sealed class SliceRunnerFaultTests : IAsyncDisposable
{
    private readonly Bench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Theory]
    [InlineData("exit", LossCause.WorkerLost, "the worker exited with code 3")]
    [InlineData("sigkill", LossCause.WorkerLost, "the worker was killed by signal 9 (out of memory?)")]
    [InlineData("garbage", LossCause.Protocol, "Segmentation fault (core dumped)")]
    [InlineData(
        "other_cell",
        LossCause.Protocol,
        "the worker answered for cell 'another', where '0000000000000001' was asked"
    )]
    [InlineData("out_of_turn", LossCause.Protocol, "the worker sent 'released' out of turn in cell 0000000000000001")]
    [InlineData(
        "short",
        LossCause.Protocol,
        "measured 5 samples, where each of 2 variants was due once in each of 3 blocks"
    )]
    [InlineData("too_few_curves", LossCause.Protocol, "told curves of 1 variants, where the cell has 2")]
    public async Task ADeathIsTheFaultOfOneCellAndTheOthersGoOn(string behave, string cause, string message)
    {
        var cells = new[] { Cells.Fake(0), Cells.Fake(1, behave), Cells.Fake(2) };
        var told = await bench.RunAsync(cells);

        told[0].ShouldBe(new CellTold.Ended(0, new Outcome.Completed()));
        told[2].ShouldBe(new CellTold.Ended(2, new Outcome.Completed()));
        var crashed = told[1].ShouldBeOfType<CellTold.Crashed>();
        crashed.Cause.ShouldBe(cause);
        crashed.Message.ShouldContain(message);
        foreach (var sound in (int[])[0, 2])
        {
            (await bench.LaunchNumbersAsync(cells[sound])).ShouldBe([
                (LaunchKind.Time, 0),
                (LaunchKind.Time, 1),
                (LaunchKind.Memory, 0),
            ]);
        }

        var incident = (await bench.Store.IncidentsAsync(bench.Sweep, CancellationToken.None)).Single();
        incident.Cell.ShouldBe(cells[1].Id);
        incident.Cause.ShouldBe(cause);
        incident.StderrTail.ShouldBe(behave == "exit" ? "last words\n" : "");
    }

    [Fact]
    public async Task ACellThatTakesTooLongIsGivenUpInTime()
    {
        bench.Measure = Cells.Measure with { CellTimeout = TimeSpan.FromSeconds(1) };
        var told = await bench.RunAsync(Cells.Fake(1, "hang"), Cells.Fake(2));
        var crashed = told[0].ShouldBeOfType<CellTold.Crashed>();
        crashed.Cause.ShouldBe(LossCause.Timeout);
        told[1].ShouldBe(new CellTold.Ended(2, new Outcome.Completed()));
    }

    [Theory]
    [InlineData("unsupported", "skipped", "told to be unsupported", null)]
    [InlineData("incorrect", "incorrect", "told to be incorrect", null)]
    [InlineData("oom", "failed", "out of memory: told to be oom", LossCause.OutOfMemory)]
    [InlineData("error", "failed", "told to be error", LossCause.Error)]
    public async Task TroubleThatAWorkerReportsIsAnOutcomeAndTheWorkerGoesOn(
        string behave,
        string outcome,
        string reason,
        string? incident
    )
    {
        var told = await bench.RunAsync(Cells.Fake(1, behave), Cells.Fake(2));
        told.ShouldBe([
            new CellTold.Ended(1, Outcome.Read(outcome, reason)),
            new CellTold.Ended(2, new Outcome.Completed()),
        ]);
        bench.Workers.Starts.Count.ShouldBe(3, "no worker died");
        (await bench.Store.IncidentsAsync(bench.Sweep, CancellationToken.None))
            .Select(i => i.Cause)
            .ShouldBe(incident is null ? [] : [incident]);
    }

    [Fact]
    public async Task ACrashThatPassesIsForgottenByTheNextAttempt()
    {
        var cell = Cells.Fake(1, "sigkill", once: bench.InFolder("once"));
        var runner = bench.NewRunner();
        (await bench.RunAsync(runner, 1, [cell])).Single().ShouldBeOfType<CellTold.Crashed>();
        (await bench.RunAsync(runner, 2, [cell])).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);
        (await bench.LaunchesAsync(cell)).ShouldAllBe(l => l.Attempt == 2);
    }

    [Fact]
    public async Task CrashesOfEarlierRunsCount()
    {
        var cell = Cells.Fake(1, "sigkill");
        for (var run = 0; run < 3; run++)
        {
            (await bench.RunAsync(cell)).Single().ShouldBeOfType<CellTold.Crashed>();
        }

        (await bench.RunAsync(cell)).ShouldBe([
            new CellTold.Ended(1, new Outcome.Poisoned("3 workers died on it, over all runs")),
        ]);
    }

    [Fact]
    public async Task AWorkerOfAnotherProtocolVersionIsRefusedAtOnce()
    {
        bench.Workers = new("--version");
        var e = await Should.ThrowAsync<BackendUnusableException>(() => bench.RunAsync(Cells.Fake(1)));
        e.Message.ShouldBe(
            "The backend 'fake' cannot be used: its worker speaks protocol 99, this build 1; install the worker that came with this build"
        );
        bench.Workers.Starts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AWorkerThatDoesNotStartEndsTheRunWithItsOwnWords()
    {
        bench.Workers = new("--cannot-start");
        var e = await Should.ThrowAsync<BackendUnusableException>(() => bench.RunAsync(Cells.Fake(1)));
        e.Message.ShouldBe(
            "The backend 'fake' cannot be used: 3 starts in a row failed, the last because the worker exited with code 1"
        );
        e.StderrTail.ShouldBe("ImportError: libtorch.so: cannot open shared object file\n");
        bench.Workers.Starts.Count.ShouldBe(3);
        (await bench.Store.IncidentsAsync(bench.Sweep, CancellationToken.None)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task AWorkerThatIgnoresByeCostsNothingButItsLife()
    {
        bench.Measure = Cells.Measure with { Launches = 1, MemoryLaunches = 0 };
        bench.Workers = new("--deaf-to-bye");
        (await bench.RunAsync(Cells.Fake(1))).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);
    }
}
