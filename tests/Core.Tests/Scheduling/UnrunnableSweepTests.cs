using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>A sweep whose workers do not start.</summary>
public class UnrunnableSweepTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeviceInfo One = TestSource.Device(0, 100_000);
    private static readonly DeviceInfo Other = TestSource.Device(1, 100_000);

    private readonly SweepState state = new(
        new TestSource(10),
        TestSource.Options with
        {
            Devices = 2,
            MaximumSliceCells = 1,
        },
        []
    );

    [Fact]
    public void StopsWhenEveryDeviceHasTriedFiveTimesAndSaysWhy()
    {
        Fail(One, 9);
        Fail(Other, 4);
        state.Progress.StopReason.ShouldBeNull();

        Fail(Other, 1);

        state.Progress.StopReason.ShouldBe(
            $"its workers start on none of its 2 devices, after 5 tries on each; the last was {Other.Id}: no Python; "
                + "repair that, then start the sweep again"
        );
        state.Lease(One, Start).ShouldBeOfType<LeaseAnswer.Drained>();
        (state.Progress.InFlight, state.Progress.Finished).ShouldBe((0, 0));
    }

    [Fact]
    public void GoesOnAsLongAsOneDeviceRunsItsSlices()
    {
        Fail(One, 4);
        var slice = Granted(One);
        state.Tell(slice.Token, [new CellTold.Ended(slice.Cells[0].Index, new Outcome.Completed())], Start);

        Fail(Other, 9);
        Fail(One, 4);

        state.Progress.StopReason.ShouldBeNull();
        state.Progress.Finished.ShouldBe(1);
    }

    [Fact]
    public void ALeaseThatIsOverCountsForNothing()
    {
        var alone = new SweepState(new TestSource(10), TestSource.Options with { Devices = 1 }, []);

        for (var i = 0; i < 9; i++)
        {
            alone.TellUnrunnable(new LeaseToken("gone"), "no Python", Start).ShouldBe(new TellAnswer.Stale());
        }

        alone.Progress.StopReason.ShouldBeNull();
    }

    private void Fail(DeviceInfo device, int times)
    {
        for (var i = 0; i < times; i++)
        {
            state.TellUnrunnable(Granted(device).Token, "no Python", Start).ShouldBeOfType<TellAnswer.Accepted>();
        }
    }

    private Slice Granted(DeviceInfo device) => state.Lease(device, Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
}
