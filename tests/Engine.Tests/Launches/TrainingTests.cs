using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Tests.Launches;

public sealed class TrainingTests : IAsyncDisposable
{
    private readonly Bench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task ATrainedCellIsOneLaunchWithWhatEachVariantLearnt()
    {
        var cell = Cells.Trained(1, rate: 0.875);

        (await bench.RunAsync(cell)).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);

        bench.Workers.Starts.Select(s => s.Kind).ShouldBe([LaunchKind.Quality]);
        var launch = (await bench.LaunchesAsync(cell)).Single();
        (launch.Kind, launch.Number, launch.Samples.Count, launch.Memory.Count).ShouldBe((LaunchKind.Quality, 0, 0, 0));
        launch.Phases.Measure.ShouldBe(TimeSpan.FromSeconds(0.75));
        launch.Variants[0].ForwardError.ShouldBe(1e-7, "the layer itself is gated as ever");
        launch.Trainings.Select(t => t.Variant).ShouldBe([0, 1]);
        var training = launch.Trainings[0];
        (training.Status, training.Metric, training.Value, training.Guess, training.Steps).ShouldBe(
            (TrainingStatus.Finished, "accuracy", 0.875, 0.25, 100)
        );
        training.Duration.ShouldBe(TimeSpan.FromSeconds(0.25));
        training.Values["loss"].ShouldBe(0.5);
        training.Series["accuracy"].ShouldBe([new CurvePoint(50, 0.25), new CurvePoint(100, 0.875)]);
    }

    [Fact]
    public async Task TimedAndTrainedCellsShareASliceAndNoProcess()
    {
        bench.Measure = Cells.Measure with { Launches = 1, MemoryLaunches = 0 };

        await bench.RunAsync(Cells.Fake(1), Cells.Trained(2), Cells.Trained(3, rate: 0.25));

        bench.Workers.Starts.Select(s => s.Kind).ShouldBe([LaunchKind.Time, LaunchKind.Quality]);
        (await bench.OutcomesAsync()).ShouldAllBe(o => o is Outcome.Completed);
    }

    [Fact]
    public async Task AtARungTheWorseWaitsForItsEndAndTheDecisionIsStored()
    {
        bench.Measure = Cells.Measure with
        {
            Prune = new PruneSpec { Rungs = 1, Keep = 0.5 },
        };

        await bench.RunAsync(Cells.Trained(1, rate: 0.5));
        await bench.RunAsync(Cells.Trained(2, rate: 0.25));
        await bench.RunAsync(Cells.Trained(3, rate: 0.75));

        (await StatusesAsync(1, 0.5)).ShouldBe([(TrainingStatus.Finished, 100), (TrainingStatus.Finished, 100)]);
        (await StatusesAsync(2, 0.25)).ShouldBe([(TrainingStatus.Pruned, 50), (TrainingStatus.Pruned, 50)]);
        (await StatusesAsync(3, 0.75)).ShouldBe([(TrainingStatus.Finished, 100), (TrainingStatus.Finished, 100)]);
        var rungs = await bench.Store.RungsAsync(bench.Sweep, CancellationToken.None);
        rungs
            .Select(r => (r.Arrival.Label, r.Arrival.Step, r.Arrival.Value, r.Go))
            .ShouldBe([
                ("a", 50, 0.5, true),
                ("b", 50, 0.5, true),
                ("a", 50, 0.25, false),
                ("b", 50, 0.25, false),
                ("a", 50, 0.75, true),
                ("b", 50, 0.75, true),
            ]);
        rungs.Select(r => r.Arrival.Group).Distinct().Count().ShouldBe(1);
        bench.Events.OfType<EngineEvent.RungDecided>().Count().ShouldBe(6);
    }

    [Fact]
    public async Task HowFarATrainingIsIsTold()
    {
        bench.Measure = Cells.Measure with
        {
            Prune = new PruneSpec { Rungs = 1, Keep = 0.5 },
        };

        await bench.RunAsync(Cells.Trained(1, rate: 0.5));

        bench
            .Events.OfType<EngineEvent.TrainingProgressed>()
            .Select(p => (p.Label, p.Step, p.Steps, p.MetricName, p.Metric, p.Loss))
            .ShouldBe([("a", 50, 100, "accuracy", 0.5, null), ("b", 50, 100, "accuracy", 0.5, null)]);
        bench.Events.OfType<EngineEvent.CellFinished>().Single().Trainings.Select(t => t.Value).ShouldBe([0.5, 0.5]);
    }

    [Theory]
    [InlineData("diverge", 7)]
    [InlineData("no_metric", 100)]
    public async Task WhatHasNoNumberHasDivergedAndIsAnAnswer(string behave, int steps)
    {
        var cell = Cells.Trained(1, behave: behave);

        (await bench.RunAsync(cell)).ShouldBe([new CellTold.Ended(1, new Outcome.Completed())]);

        var training = (await bench.LaunchesAsync(cell)).Single().Trainings[0];
        (training.Status, training.Value, training.Steps).ShouldBe((TrainingStatus.Diverged, null, steps));
        training.Series["accuracy"].ShouldAllBe(p => double.IsFinite(p.X) && double.IsFinite(p.Y));
    }

    [Theory]
    [InlineData("error", "told to be error")]
    [InlineData("oom", "out of memory: told to be oom")]
    public async Task AnErrorInATrainingFailsItsCellAndTheWorkerGoesOn(string behave, string reason)
    {
        var told = await bench.RunAsync(Cells.Trained(1, behave: behave), Cells.Trained(2));

        told.ShouldBe([
            new CellTold.Ended(1, new Outcome.Failed(reason)),
            new CellTold.Ended(2, new Outcome.Completed()),
        ]);
        bench.Workers.Starts.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("bad_status", "the worker ended a training as 'bored'")]
    [InlineData("bad_point", "the worker told a point of 3 numbers in the series 'accuracy', where 2 are due")]
    [InlineData("too_few", "the worker trained 1 variants, where 2 were due")]
    [InlineData("other_rung", "the worker waits at step 33, which is no rung of cell 0000000000000001")]
    [InlineData("out_of_turn", "the worker sent 'released' out of turn in cell 0000000000000001")]
    public async Task ATrainingThatBreaksTheProtocolEndsItsWorker(string behave, string message)
    {
        var told = await bench.RunAsync(Cells.Trained(1, behave: behave));

        told.ShouldBe([new CellTold.Crashed(1, "protocol", message)]);
        (await bench.LaunchesAsync(Cells.Trained(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFinishedTrainingIsKeptWhenTheNextOneKillsItsWorker()
    {
        var cells = Enumerable.Range(0, 4).Select(i => Cells.Trained(i, behave: i == 2 ? "sigkill" : null)).ToList();

        var told = await bench.RunAsync(cells);

        told.Count(t => t is CellTold.Ended { Outcome: Outcome.Completed }).ShouldBe(3);
        told.OfType<CellTold.Crashed>().Single().Index.ShouldBe(2);
        bench.Workers.Starts.Count.ShouldBe(2, "one more worker for those that were still to come");
    }

    [Fact]
    public async Task AHardKillRepeatsTheTrainingInFlightAndNoneThatIsFinished()
    {
        var cells = Enumerable.Range(0, 3).Select(i => Cells.Trained(i)).ToList();
        var started = 0;
        bench.OnEvent = e =>
        {
            if (e is EngineEvent.CellStarted && ++started == 2)
            {
                bench.Kill.Cancel();
            }
        };
        var told = await bench.RunAsync(cells);
        told.Count(t => t is CellTold.Ended).ShouldBe(1);

        bench.StartAgain();
        bench.Events.Clear();
        var left = cells.Where(c => told.OfType<CellTold.Ended>().All(t => t.Index != c.Index)).ToList();
        (await bench.RunAsync(cells)).ShouldBe(cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed())));
        bench
            .Events.OfType<EngineEvent.CellStarted>()
            .Select(e => e.Cell.Index)
            .Order()
            .ShouldBe(left.Select(c => c.Index));
    }

    [Fact]
    public async Task ATrainingThatIsRepeatedGetsTheAnswerThatItHadAtItsRung()
    {
        bench.Measure = Cells.Measure with
        {
            Prune = new PruneSpec { Rungs = 1, Keep = 0.5 },
        };
        var cell = Cells.Trained(1, rate: 0.25, "die_after_rung", once: bench.InFolder("died"));
        (await bench.RunAsync(cell)).Single().ShouldBeOfType<CellTold.Crashed>();
        await bench.RunAsync(Cells.Trained(2, rate: 0.75));

        bench.StartAgain();
        await bench.RunAsync(cell);

        // Alone it was the best and went on; now it would be the worse of two. Variant b had not arrived before.
        (await StatusesAsync(1, 0.25)).ShouldBe([(TrainingStatus.Finished, 100), (TrainingStatus.Pruned, 50)]);
    }

    private async Task<IReadOnlyList<(TrainingStatus, long)>> StatusesAsync(int index, double rate) =>
        [
            .. (await bench.LaunchesAsync(Cells.Trained(index, rate)))
                .Single()
                .Trainings.Select(t => (t.Status, t.Steps)),
        ];
}
