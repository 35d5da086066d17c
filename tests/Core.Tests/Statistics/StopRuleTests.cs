using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class StopRuleTests
{
    private static readonly StopRule Six = new FixedLaunches(6);

    [Fact]
    public void ACellIsCompletedAfterItsLaunchesEvenWhenTheLastOneSpentTheBudget()
    {
        Six.Decide(After(6), TimeSpan.FromMinutes(1), null).ShouldBe(Completed);
        Six.Decide(After(7), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(2)).ShouldBe(Completed);
    }

    [Fact]
    public void ACellNeedsTheLaunchesThatAreMissing()
    {
        Six.Decide(After(0), TimeSpan.Zero, TimeSpan.FromMinutes(2)).ShouldBe(new StopDecision.More(6));
        Six.Decide(After(4), TimeSpan.FromSeconds(119), TimeSpan.FromMinutes(2)).ShouldBe(new StopDecision.More(2));
    }

    [Theory]
    [InlineData(120, 4, "budget of 2m spent after 4 launches")]
    [InlineData(1.5, 1, "budget of 1.5s spent after 1 launch")]
    [InlineData(93_784, 5, "budget of 26h3m4s spent after 5 launches")]
    [InlineData(0, 0, "budget of 0s spent after 0 launches")]
    public void ASpentBudgetEndsTheCellUnconvergedAndSaysSo(double budgetSeconds, int launches, string reason)
    {
        var budget = TimeSpan.FromSeconds(budgetSeconds);
        Six.Decide(After(launches), budget, budget).ShouldBe(new StopDecision.Ended(new Outcome.Unconverged(reason)));
    }

    [Theory]
    [InlineData(6, 0.0199, true)]
    [InlineData(6, 0.021, false)]
    [InlineData(7, 0.001, false)]
    [InlineData(12, 0.0199, true)]
    [InlineData(48, 0.0199, true)]
    public void ACellUnderLooksIsCompletedAtALookWhereItsRatioIsNarrowEnough(int launches, double width, bool ends) =>
        Looking.Decide(After(launches, width), TimeSpan.Zero, null).Equals(Completed).ShouldBe(ends);

    [Theory]
    [InlineData(0, 6)]
    [InlineData(5, 1)]
    [InlineData(6, 6)]
    [InlineData(7, 5)]
    [InlineData(24, 24)]
    public void ElseItGoesOnToTheNextLook(int launches, int more) =>
        Looking.Decide(After(launches, 0.5), TimeSpan.Zero, null).ShouldBe(new StopDecision.More(more));

    [Fact]
    public void AtTheLastLookItIsUnconvergedAndSaysHowWideItIs()
    {
        Looking
            .Decide(After(48, 0.031), TimeSpan.Zero, null)
            .ShouldBe(new StopDecision.Ended(new Outcome.Unconverged("half-width 3.1% after 48 launches; target 2%")));
        new LooksRule(0.02, 12)
            .Decide(After(12, double.PositiveInfinity), TimeSpan.Zero, null)
            .ShouldBe(
                new StopDecision.Ended(
                    new Outcome.Unconverged(
                        "no interval after 12 launches: no samples were accepted of some variant; target 2%"
                    )
                )
            );
    }

    [Fact]
    public void ADifferenceHoweverSureDoesNotEndACell()
    {
        var sure = new Interval(0.5, 0.45, 0.55, 6);
        Looking
            .Decide(
                new([new("b", sure, null, null, 1), new("v", sure, sure, null, 1)], 6, 0, true),
                TimeSpan.Zero,
                null
            )
            .ShouldBe(new StopDecision.More(6));
    }

    [Fact]
    public void TheWidestVariantDecides()
    {
        var (narrow, wide) = (new Interval(1, 0.99, 1.01, 6), new Interval(1, 0.9, 1.1, 6));
        Looking
            .Decide(
                new(
                    [new("b", wide, null, null, 1), new("v", wide, narrow, null, 1), new("w", wide, wide, null, 1)],
                    6,
                    0,
                    true
                ),
                TimeSpan.Zero,
                null
            )
            .ShouldBe(new StopDecision.More(6));
    }

    [Fact]
    public void ASpentBudgetEndsItBetweenLooksToo() =>
        Looking
            .Decide(After(7, 0.001), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9))
            .ShouldBe(new StopDecision.Ended(new Outcome.Unconverged("budget of 9s spent after 7 launches")));

    private static readonly StopRule Looking = new LooksRule(0.02, 48);

    private static CellEstimate After(int launches, double width) =>
        new(
            [
                new("base", new(1, 0, double.PositiveInfinity, launches), null, null, 1),
                new("v", new(1, 0, double.PositiveInfinity, launches), new(1, 1 - width, 1 + width, launches), null, 1),
            ],
            launches,
            0,
            true
        );

    private static StopDecision Completed => new StopDecision.Ended(new Outcome.Completed());

    private static CellEstimate After(int launches) => new([], launches, 0, true);
}
