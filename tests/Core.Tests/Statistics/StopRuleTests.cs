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

    private static StopDecision Completed => new StopDecision.Ended(new Outcome.Completed());

    private static CellEstimate After(int launches) => new([], launches, 0, true);
}
