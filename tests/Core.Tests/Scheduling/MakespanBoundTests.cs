using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public sealed class MakespanBoundTests
{
    [Fact]
    public void ItIsAllTheWorkSharedEvenly()
    {
        // 20 cells took 60 s of device time, 30 are left and take 2 devices 45 s: 150 s of work for 4 devices.
        var bound = MakespanBound.Of(At(finished: 20, passed: 20), 0, Seconds(60), Seconds(45), working: 2, devices: 4);

        bound.ShouldBe(Seconds(37.5));
    }

    [Fact]
    public void CellsThatHadEndedBeforeCountAsTheOthers()
    {
        // Of 30 cells that ended 10 did so before; the other 20 took 60 s, and the 20 that are left take as much again.
        var bound = MakespanBound.Of(
            At(finished: 30, passed: 30),
            10,
            Seconds(60),
            Seconds(60),
            working: 1,
            devices: 1
        );

        bound.ShouldBe(Seconds(150));
    }

    [Fact]
    public void NothingIsKnownOfItBeforeTheTimeLeftIsOrWhereAllHadEnded()
    {
        MakespanBound.Of(At(finished: 0, passed: 0), 0, TimeSpan.Zero, eta: null, 1, 1).ShouldBeNull();
        MakespanBound.Of(At(finished: 50, passed: 50), 50, TimeSpan.Zero, TimeSpan.Zero, 1, 1).ShouldBeNull();
    }

    private static SweepProgress At(long finished, long passed) => new(50, passed, finished, 0, 0, false, false);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
