using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>In which order cells go on that came back from a look.</summary>
public class LookedAtCellsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeviceInfo Device = TestSource.Device(0);
    private static readonly SchedulingOptions Singles = TestSource.Options with { MaximumSliceCells = 1 };

    [Fact]
    public void EveryCellHasItsFirstLookBeforeTheNearestToAVerdictGoesOn()
    {
        double[] distances = [0.3, 0.01, 0.2, 0.01];
        var state = new SweepState(new TestSource(4) { Flops = i => i == 3 ? 9 : 1 }, Singles, []);

        List<(long Cell, bool LookedAt)> order = [];
        for (var i = 0; i < 8; i++)
        {
            var slice = Granted(state);
            var cell = slice.Cells.Single().Index;
            order.Add((cell, slice.LookedAt));
            state.Tell(slice.Token, [i < 4 ? new CellTold.HandedBack(cell, distances[cell]) : Ended(cell)], Start);
        }

        // First looks longest first; then by distance, the longer of two that are as near first.
        order.ShouldBe([(3, false), (0, false), (1, false), (2, false), (3, true), (1, true), (2, true), (0, true)]);
        state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Drained>();
    }

    [Fact]
    public void ACellThatIsDecidedGoesOnAfterTheOthersAndIsNeverEndedByIt()
    {
        var state = new SweepState(new TestSource(2), Singles, []);
        HandBack(state, Granted(state), Undecided.Decided);
        HandBack(state, Granted(state), 0.5);

        var undecided = Granted(state);
        undecided.Cells.Single().Index.ShouldBe(1);
        state.Tell(undecided.Token, [Ended(1)], Start);
        var decided = Granted(state);
        decided.Cells.Single().Index.ShouldBe(0);
        state.Progress.Finished.ShouldBe(1);
    }

    [Fact]
    public void ALeaseThatDiesGivesTheCellBackWithTheDistanceItHad()
    {
        var state = new SweepState(new TestSource(2), Singles, []);
        HandBack(state, Granted(state), 0.1);
        HandBack(state, Granted(state), 0.2);
        Granted(state).Cells.Single().Index.ShouldBe(0);

        state.Expire(Start + Singles.LeaseDuration);

        state.CameBack.ShouldBe([0, 1]);
        var again = state.Lease(Device, Start + Singles.LeaseDuration).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        (again.Cells.Single().Index, again.LookedAt).ShouldBe((0, true));
    }

    [Fact]
    public void AFewCellsShareTheLaunchesToTheirNextLook()
    {
        var state = new SweepState(new TestSource(16), TestSource.Options with { MaximumSliceCells = 16 }, []);
        var first = Granted(state);
        state.Tell(first.Token, [.. first.Cells.Select(c => new CellTold.HandedBack(c.Index, 16 - c.Index))], Start);

        Granted(state).Cells.Select(c => c.Index).ShouldBe([15, 14, 13, 12]);
    }

    [Fact]
    public void CellsThatCameBackCountAsWorkThatIsLeft()
    {
        var state = new SweepState(new TestSource(2) { Flops = _ => 3 }, Singles, []);
        HandBack(state, Granted(state), 0.1);

        state.Work.ShouldBe(new SweepWork(6, 0));
    }

    private static void HandBack(SweepState state, Slice slice, double distance) =>
        state.Tell(slice.Token, [new CellTold.HandedBack(slice.Cells.Single().Index, distance)], Start);

    private static CellTold.Ended Ended(long index) => new(index, new Outcome.Completed());

    private static Slice Granted(SweepState state) =>
        state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
}
