using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains.Sweeps;
using Layerbench.Silo.Simulated;

namespace Layerbench.Cluster.Tests;

/// <summary>When a sweep is expected to end, as its grain tells it.</summary>
public sealed class SweepWatchTests
{
    private static readonly DateTimeOffset start = DateTimeOffset.UnixEpoch;

    private readonly SweepState state = new(
        new SimulatedCells(10),
        new SchedulingOptions { Devices = 2, MaximumSliceCells = 1 },
        []
    );
    private readonly SweepWatch watch = new(epoch: 1);

    [Fact]
    public void ADeviceThatHasJustToldIsAtWorkAsTheOthersAre()
    {
        var first = Lease("a/simulated:0", 0);
        Lease("b/simulated:0", 0);

        End(first, 10);

        // Eight cells are left, of 10 s each, for two devices; the other device's should end now.
        Eta(10).ShouldBe(40);
    }

    [Fact]
    public void ADeviceThatDoesNotAskAgainIsAtWorkNoMore()
    {
        var first = Lease("a/simulated:0", 0);
        Lease("b/simulated:0", 0);

        End(first, 10);

        Eta(12).ShouldBe(80);
    }

    [Fact]
    public void ADeviceThatAskedAgainIsOne()
    {
        var first = Lease("a/simulated:0", 0);
        Lease("b/simulated:0", 0);

        End(first, 10);
        Lease("a/simulated:0", 10);

        Eta(10).ShouldBe(40);
    }

    [Fact]
    public void APausedSweepHasNoEndThatMetricsCouldTell()
    {
        End(Lease("a/simulated:0", 0), 10);

        state.Pause();

        watch.Stand(state, finishedBefore: 0, isOver: false, At(10)).Eta.ShouldBeNull();
        watch.Stand(state, finishedBefore: 0, isOver: true, At(10)).Eta.ShouldBe(TimeSpan.Zero);
    }

    private double Eta(double second) => watch.Eta(state, At(second))!.Value.TotalSeconds;

    private Slice Lease(string device, double second)
    {
        var answer = state.Lease(new DeviceInfo(new DeviceId(device), "simulated", "", [], 1L << 40), At(second));
        watch.Given(answer, At(second));
        return answer.ShouldBeOfType<LeaseAnswer.Granted>().Slice;
    }

    private void End(Slice slice, double second)
    {
        CellTold[] told = [new CellTold.Ended(slice.Cells.Single().Index, new Outcome.Completed())];
        var answer = state.Tell(slice.Token, told, At(second)).ShouldBeOfType<TellAnswer.Accepted>();
        watch.Told(slice.Token, told, answer.Settled, At(second));
    }

    private static DateTimeOffset At(double second) => start + TimeSpan.FromSeconds(second);
}
