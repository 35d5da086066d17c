using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Tests.Launches;

namespace Layerbench.Engine.Tests.Local;

public sealed class LocalTrainingTests : IAsyncDisposable
{
    private static readonly double[] Rates = [0.0005, 0.001, 0.005, 0.02, 0.5];
    private static readonly string[] Axes = ["pass", "backend", "dtype", "threads", "learning_rate", "trial", "steps"];

    private readonly LocalBench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task EveryTrainingOfFourDevicesIsInTheStoreAndTheHopelessOnesEndedEarly()
    {
        bench.Measure = new MeasureSpec { Prune = new PruneSpec { Rungs = 2 } };
        var cells = All();

        (await bench.RunAsync(cells)).Outcomes.ShouldBe(new Dictionary<string, long> { ["completed"] = cells.Count });

        var trainings = await TrainingsAsync(cells);
        trainings.Count.ShouldBe(cells.Count);
        // 0.5 is 100 times the best rate.
        trainings.Where(t => t.Rate == 0.5).ShouldAllBe(t => t.Training.Status == TrainingStatus.Diverged);
        trainings.Count(t => t.Training.Status == TrainingStatus.Solved).ShouldBeGreaterThan(0);
        trainings
            .Where(t => t.Training.Status == TrainingStatus.Solved)
            .ShouldAllBe(t => t.Rate == 0.005 && t.Training.Value >= 0.995);
        var pruned = trainings.Where(t => t.Training.Status == TrainingStatus.Pruned).ToList();
        pruned.ShouldNotBeEmpty();
        pruned.ShouldAllBe(t => t.Training.Steps == 11 || t.Training.Steps == 33);

        var rungs = await bench.Store.RungsAsync(bench.Sweep, CancellationToken.None);
        rungs.Count(r => !r.Go).ShouldBe(pruned.Count);
        rungs[0].Go.ShouldBeTrue("the first to arrive goes on");
    }

    [Fact]
    public async Task TrainingsAreTheSameWhateverRunsBesideThem()
    {
        await using var one = new LocalBench();
        one.Devices = [one.Devices[0]];
        var cells = All();
        bench.Measure = one.Measure = new MeasureSpec();
        await bench.RunAsync(cells);
        await one.RunAsync(cells);

        foreach (var cell in cells)
        {
            var many = (await bench.LaunchesAsync(cell)).Single().Trainings[0];
            var alone = (await one.LaunchesAsync(cell)).Single().Trainings[0];
            (many.Status, many.Steps, many.Value).ShouldBe((alone.Status, alone.Steps, alone.Value));
            many.Series["accuracy"].ShouldBe(alone.Series["accuracy"]);
        }
    }

    private async Task<List<(double Rate, Training Training)>> TrainingsAsync(IReadOnlyList<Cell> cells)
    {
        var found = new List<(double, Training)>();
        foreach (var cell in cells)
        {
            var trainings = (await bench.LaunchesAsync(cell)).Single().Trainings;
            found.AddRange(trainings.Select(t => (cell.Point["learning_rate"].Number, t)));
        }

        return found;
    }

    /// <summary>Five learning rates, four trials each, of one variant.</summary>
    private static List<Cell> All() =>
        [
            .. Enumerable
                .Range(0, Rates.Length * 4)
                .Select(i => Trained(i, Rates[i % Rates.Length], 1 + (i / Rates.Length))),
        ];

    private static Cell Trained(int index, double rate, int trial)
    {
        var simulated = Cells.Simulated(index);
        AxisValue[] values =
        [
            AxisValue.Of(SimulatedBackend.Learn),
            AxisValue.Of(SimulatedBackend.Name),
            AxisValue.Of("float32"),
            AxisValue.Of(1L),
            AxisValue.Of(rate),
            AxisValue.Of(trial),
            AxisValue.Of(100),
        ];
        var parameters = new Dictionary<string, AxisValue>(StringComparer.Ordinal)
        {
            ["learning_rate"] = values[4],
            ["trial"] = values[5],
            ["steps"] = values[6],
        };
        return simulated with
        {
            IsQuality = true,
            Point = new Point(Axes, values),
            Variants = [simulated.Variants[0] with { Parameters = parameters }],
        };
    }
}
