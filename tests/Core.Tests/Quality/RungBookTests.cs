using Layerbench.Core.Quality;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Quality;

public sealed class RungBookTests
{
    private readonly RungBook book = new(1.0 / 3);

    [Fact]
    public void TheFirstToArriveGoesOnAndLaterOnesWhereTheyAreInTheBestThird()
    {
        Arrive(0.5).ShouldBeTrue();
        Arrive(0.4).ShouldBeFalse();
        Arrive(0.6).ShouldBeTrue(); // the best of three
        Arrive(0.55).ShouldBeFalse(); // the second of four
        Arrive(0.4).ShouldBeFalse();
        Arrive(0.58).ShouldBeTrue(); // the second of six
    }

    [Fact]
    public void ThoseThatAreEqualToTheLastThatGoesOnGoOnToo()
    {
        double[] values = [1, 1, 1, 1];
        values.Select(v => Arrive(v)).ShouldAllBe(go => go);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void OneWithoutANumberEndsThereAndStandsInNobodysWay(double? value)
    {
        Arrive(value).ShouldBeFalse();
        Arrive(0.1).ShouldBeTrue();
    }

    [Fact]
    public void GroupsVariantsAndStepsAreComparedApart()
    {
        Arrive(0.9).ShouldBeTrue();
        Arrive(0.1, group: "other").ShouldBeTrue();
        Arrive(0.1, label: "other").ShouldBeTrue();
        Arrive(0.1, step: 300).ShouldBeTrue();
        Arrive(0.1).ShouldBeFalse();
    }

    [Fact]
    public void ARunThatIsRepeatedGetsTheAnswerThatItHad()
    {
        Arrive(0.5, cell: "a").ShouldBeTrue();
        Arrive(0.9, cell: "b").ShouldBeTrue();
        Arrive(0.5, cell: "a").ShouldBeTrue(); // now it would be the second of two, and is not counted again
        Arrive(0.8, cell: "c").ShouldBeFalse();
        Arrive(0.95, cell: "c").ShouldBeFalse();
    }

    [Fact]
    public void ABookThatIsFilledFromStoredDecisionsDecidesLikeTheOneThatMadeThem()
    {
        var random = new SeededRandom(5);
        var kept = new List<RungDecision>();
        var resumed = new RungBook(1.0 / 3);
        for (var i = 0; i < 40; i++)
        {
            if (i == 17)
            {
                kept.ForEach(resumed.Keep);
            }

            var arrival = Arrival(random.NextDouble(), cell: $"{i}");
            var decision = book.Decide(arrival);
            book.Keep(decision);
            kept.Add(decision);
            if (i >= 17)
            {
                resumed.Decide(arrival).ShouldBe(decision);
                resumed.Keep(decision);
            }
        }
    }

    [Theory]
    [InlineData(900, 3, 1.0 / 3, "33 100 300")]
    [InlineData(800, 2, 0.5, "200 400")]
    [InlineData(5, 4, 1.0 / 3, "1 2")]
    [InlineData(1, 3, 1.0 / 3, "")]
    public void RungsStandAtTheStepsThatAreLeftAfterEachCut(long steps, int rungs, double keep, string expected) =>
        string.Join(' ', new PruneSpec { Rungs = rungs, Keep = keep }.StepsOf(steps)).ShouldBe(expected);

    [Fact]
    public void AGroupIsAPointWithoutLearningRateAndTrialInAnyOrderOfItsAxes()
    {
        var one = TrainingGroup.Of(Point(("pass", "pairwise"), ("learning_rate", "a"), ("trial", "1"), ("d", "64")));
        TrainingGroup.Of(Point(("d", "64"), ("trial", "2"), ("pass", "pairwise"))).ShouldBe(one);
        TrainingGroup.Of(Point(("d", "65"), ("trial", "2"), ("pass", "pairwise"))).ShouldNotBe(one);
        one.Value.Length.ShouldBe(16);
    }

    private static IEnumerable<KeyValuePair<string, AxisValue>> Point(params (string Name, string Value)[] axes) =>
        axes.Select(a => KeyValuePair.Create(a.Name, AxisValue.Of(a.Value)));

    private int cells;

    private bool Arrive(double? value, string group = "g", string label = "a", string? cell = null, long step = 100)
    {
        var arrival = Arrival(value, group, label, cell ?? $"cell {cells++}", step);
        var decision = book.Decide(arrival);
        book.Decide(arrival).ShouldBe(decision, "deciding changes nothing");
        book.Keep(decision);
        return decision.Go;
    }

    private static RungArrival Arrival(
        double? value,
        string group = "g",
        string label = "a",
        string cell = "c",
        long step = 100
    ) => new(new GroupId(group), label, new CellId(cell), step, value);
}
