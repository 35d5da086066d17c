using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class FailureBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SchedulingOptions Singles = TestSource.Options with { MaximumSliceCells = 1 };

    [Theory]
    [InlineData("20", 20L, null)]
    [InlineData("5%", null, 0.05)]
    [InlineData(" 2.5% ", null, 0.025)]
    public void IsANumberOfCellsOrAShare(string text, long? cells, double? share) =>
        FailureBudget.Parse(text).ShouldBe(new FailureBudget(cells, share));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("many")]
    public void WhatIsNeitherIsRefusedWithWhatToGive(string text) =>
        Should
            .Throw<BadInputException>(() => FailureBudget.Parse(text))
            .Message.ShouldBe(
                $"failure budget: '{text}' is neither a number of cells from 1 nor a share over 0% to 100%; give e.g. 20 or 5%"
            );

    [Fact]
    public void IsSpentByTheCellThatReachesTheNumberOrTheShareWhicheverIsLess()
    {
        var both = new FailureBudget(Cells: 20, Share: 0.05);

        both.Spent(4, 100).ShouldBeNull();
        both.Spent(5, 100)
            .ShouldBe(
                "failure budget spent: 5 cells failed since the sweep was started, and it may have 5; see why, then rerun "
                    + "the failed cells or start it again"
            );
        both.Spent(19, 10_000).ShouldBeNull();
        both.Spent(20, 10_000).ShouldNotBeNull();
        // A share of a small plan is one cell at least.
        both.Spent(0, 3).ShouldBeNull();
        both.Spent(1, 3).ShouldNotBeNull();
    }

    [Fact]
    public void SaysHowMuchOfItIsUsed()
    {
        var state = new SweepState(new TestSource(40), Singles with { FailedBefore = 1 }, []);
        state.FailureBudgetUsed.ShouldBeNull();

        state.Failures = new FailureBudget(Cells: 20, Share: 0.1);

        state.FailureBudgetUsed.ShouldBe(0.25);
        End(state, new Outcome.Incorrect("x"));
        End(state, new Outcome.Completed());
        state.FailureBudgetUsed.ShouldBe(0.5);
    }

    [Fact]
    public void ASweepWhoseBudgetIsSpentGivesNothingMoreOutAndSaysWhy()
    {
        var state = new SweepState(new TestSource(10), Singles, []) { Failures = new FailureBudget(2) };

        End(state, new Outcome.Failed("x"));
        End(state, new Outcome.Completed());
        state.Progress.StopReason.ShouldBeNull();
        End(state, new Outcome.Incorrect("y"));

        state.Progress.Cancelled.ShouldBeTrue();
        state.Progress.StopReason!.ShouldStartWith("failure budget spent: 2 cells failed");
        state.Lease(TestSource.Device(0), Start).ShouldBeOfType<LeaseAnswer.Drained>();
    }

    [Fact]
    public void CellsThatFailedBeforeCountWhereTheyAreTheBudgets()
    {
        var state = new SweepState(new TestSource(10), Singles with { FailedBefore = 1 }, [])
        {
            Failures = new FailureBudget(2),
        };

        End(state, new Outcome.Failed("x"));

        state.Progress.StopReason.ShouldNotBeNull();
    }

    [Fact]
    public void WhatIsTakenBackFromACellThatIsPoisonedCountsAsWell()
    {
        var state = new SweepState(new TestSource(10), Singles with { MaximumCrashes = 1 }, [])
        {
            Failures = new FailureBudget(1),
        };

        var slice = ((LeaseAnswer.Granted)state.Lease(TestSource.Device(0), Start)).Slice;
        state.Tell(slice.Token, [new CellTold.Crashed(slice.Cells[0].Index, "oom", "died")], Start);

        state.Progress.StopReason.ShouldNotBeNull();
    }

    private static void End(SweepState state, Outcome outcome)
    {
        var slice = ((LeaseAnswer.Granted)state.Lease(TestSource.Device(0), Start)).Slice;
        state.Tell(slice.Token, [new CellTold.Ended(slice.Cells[0].Index, outcome)], Start);
    }
}
