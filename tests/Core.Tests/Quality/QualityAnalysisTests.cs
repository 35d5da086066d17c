using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Quality;

public sealed class QualityAnalysisTests
{
    private readonly QualityAnalysis analysis = new();
    private long next;

    [Fact]
    public void TheBestLearningRateHasTheGreatestMeanAndItsSpreadIsOverTrials()
    {
        Trials(0.001, 0.75, 0.5);
        Trials(0.01, 0.75, 1);
        Trials(0.1, 0.5, 0.5);

        var variant = analysis.Conclude().Groups.Single().Variants.Single();

        variant
            .Rates.Select(r => (r.LearningRate!.Value.Number, r.Mean, r.Least, r.Greatest, r.Trials))
            .ShouldBe([(0.001, 0.625, 0.5, 0.75, 2), (0.01, 0.875, 0.75, 1, 2), (0.1, 0.5, 0.5, 0.5, 2)]);
        variant.Best.ShouldBe(variant.Rates[1]);
    }

    [Fact]
    public void AmongEqualMeansTheSmallerSpreadIsBetterThenTheSmallerRate()
    {
        Trials(0.01, 0.25, 0.75);
        Trials(0.1, 0.5, 0.5);
        Trials(0.05, 0.5, 0.5);

        Best().LearningRate!.Value.Number.ShouldBe(0.05);
    }

    [Fact]
    public void ARunThatDivergedCountsAsGuessing()
    {
        Trials(0.01, 1, null);
        Trials(0.001, 0.625, 0.625);

        var best = Best();
        (best.LearningRate!.Value.Number, best.Mean, best.Least, best.Diverged).ShouldBe((0.001, 0.625, 0.625, 0));
        analysis.Conclude().Groups[0].Variants[0].Rates[1].Mean.ShouldBe(0.625);
        analysis.Conclude().Groups[0].Variants[0].Rates[1].Diverged.ShouldBe(1);
    }

    [Fact]
    public void WhereEveryTrialDivergedNothingWasLearntNotEvenAGuess()
    {
        Trials(0.01, null, null);

        var variant = analysis.Conclude().Groups.Single().Variants.Single();
        (variant.Best, variant.Rates.Single().Mean, variant.Rates.Single().Diverged).ShouldBe((null, null, 2));
    }

    [Fact]
    public void WithoutAGuessARateOfWhichARunDivergedHasNoMeanAndIsNeverBest()
    {
        See(0.01, 1, guess: null);
        See(0.01, null, guess: null);
        See(0.001, 0.25, guess: null);
        See(0.1, null, guess: null);

        var rates = analysis.Conclude().Groups.Single().Variants.Single().Rates;
        rates.Select(r => r.Mean).ShouldBe([0.25, null, null]);
        Best().LearningRate!.Value.Number.ShouldBe(0.001);
    }

    [Fact]
    public void StepsToSolveAreTheMedianOverTrialsThatSolvedIt()
    {
        See(0.01, 1, status: TrainingStatus.Solved, steps: 300);
        See(0.01, 1, status: TrainingStatus.Solved, steps: 100);
        See(0.01, 0.5, steps: 1000);
        See(0.01, 0.25, status: TrainingStatus.Pruned, steps: 33);

        var best = Best();
        (best.StepsToSolve, best.Solved, best.Pruned, best.Trials, best.Mean).ShouldBe((200, 2, 1, 4, 0.6875));
    }

    [Fact]
    public void PointsThatDifferInMoreThanRateAndTrialAreGroupsInTheOrderOfThePlan()
    {
        See(0.01, 0.5, distance: 27);
        See(0.01, 0.75, distance: 3);
        See(0.1, 0.625, distance: 27);

        var groups = analysis.Conclude().Groups;

        groups.Select(g => g.Point["distance"].Integer).ShouldBe([27, 3]);
        groups[0].Point.Keys.ShouldBe(["pass", "distance"]);
        groups.Select(g => g.Variants.Single().Best!.Mean).ShouldBe([0.625, 0.75]);
    }

    [Fact]
    public void TheOrderInWhichCellsAreSeenChangesNothing()
    {
        var cells = Enumerable.Range(0, 20).Select(i => Cell(i, 0.001 * (1 + (i % 3)), i % 2 == 0 ? 27 : 3)).ToList();
        var other = new QualityAnalysis();
        foreach (var cell in cells)
        {
            analysis.See(cell, [Launch(cell, Math.Sqrt(cell.Index) / 7)]);
        }

        foreach (var cell in cells.AsEnumerable().Reverse())
        {
            other.See(cell, [Launch(cell, Math.Sqrt(cell.Index) / 7)]);
        }

        Shown(other).ShouldBe(Shown(analysis));
    }

    [Fact]
    public void BesideATimedPointStandsTheOneGroupOfItsPassThatAgreesWithIt()
    {
        See(0.01, 0.5, distance: 27);
        var timed = Cell(99, 0.01, 27) with
        {
            Point = new Dictionary<string, AxisValue> { ["pass"] = AxisValue.Of("forward"), ["d"] = AxisValue.Of(64) },
        };

        analysis.Conclude().Beside(timed).Single().Point["distance"].Integer.ShouldBe(27);
        See(0.01, 0.5, distance: 3);
        analysis.Conclude().Beside(timed).ShouldBeEmpty("which of the two it would be nobody can say");
    }

    [Fact]
    public void CellsWithoutTrainingsAreNoGroup()
    {
        analysis.See(Cell(0, 0.01, 27), []);
        analysis.Conclude().Groups.ShouldBeEmpty();
    }

    private RateFindings Best() => analysis.Conclude().Groups.Single().Variants.Single().Best!;

    private void Trials(double rate, params double?[] values)
    {
        foreach (var value in values)
        {
            See(rate, value);
        }
    }

    private void See(
        double rate,
        double? value,
        double? guess = 0.25,
        int distance = 27,
        TrainingStatus status = TrainingStatus.Finished,
        long steps = 100
    )
    {
        var cell = Cell(next++, rate, distance);
        analysis.See(cell, [Launch(cell, value, guess, status, steps)]);
    }

    private static CellResult Cell(long index, double rate, int distance) =>
        new(
            index,
            new CellId($"{index:x16}"),
            new OrderedDictionary<string, AxisValue>
            {
                ["pass"] = AxisValue.Of("pairwise"),
                ["learning_rate"] = AxisValue.Of(rate),
                ["trial"] = AxisValue.Of(index),
                ["distance"] = AxisValue.Of(distance),
            },
            ["mix.attention"],
            "mix.attention",
            new Outcome.Completed(),
            null,
            DateTimeOffset.UnixEpoch
        );

    private static LaunchRecord Launch(
        CellResult cell,
        double? value,
        double? guess = 0.25,
        TrainingStatus status = TrainingStatus.Finished,
        long steps = 100
    ) =>
        new(
            cell.Id,
            LaunchKind.Quality,
            0,
            1,
            new DeviceId("cpu"),
            new FingerprintId("aa"),
            DateTimeOffset.UnixEpoch,
            0,
            1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            true,
            [],
            [],
            []
        )
        {
            Trainings =
            [
                new Training(
                    0,
                    value is null ? TrainingStatus.Diverged : status,
                    "accuracy",
                    guess,
                    steps,
                    TimeSpan.FromSeconds(1),
                    value is { } v ? new Dictionary<string, double> { ["accuracy"] = v } : [],
                    new Dictionary<string, IReadOnlyList<CurvePoint>>()
                ),
            ],
        };

    private static List<string> Shown(QualityAnalysis from) =>
        [
            .. from.Conclude()
                .Groups.SelectMany(g =>
                    g.Variants.SelectMany(v => v.Rates.Select(r => $"{g.Id} {v.Label} {r} {r == v.Best}"))
                ),
        ];
}
