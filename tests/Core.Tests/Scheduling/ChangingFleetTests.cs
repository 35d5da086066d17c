using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>A sweep whose devices come, go and differ.</summary>
public class ChangingFleetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeviceInfo Small = TestSource.Device(0, 10_000);
    private static readonly DeviceInfo Large = TestSource.Device(1, 100_000);
    private static readonly SchedulingOptions Cluster = TestSource.Options with
    {
        MaximumSliceCells = 1,
        FleetChanges = true,
        PoisonDevices = 2,
        LargestDeviceMemoryBytes = 10_000,
    };

    [Fact]
    public void SlicesFollowTheNumberOfDevices()
    {
        var state = new SweepState(new TestSource(400), TestSource.Options with { MaximumSliceCells = 16 }, []);
        Granted(state, Small).Cells.Count.ShouldBe(16);

        state.SeeFleet(new FleetSize(20, 100_000, 100_000));

        // 384 ÷ (4 × 20)
        Granted(state, Small).Cells.Count.ShouldBe(4);
        state.MaximumDevices = 8;
        // No more than 8 of them will share what is left: 380 ÷ (4 × 8)
        Granted(state, Small).Cells.Count.ShouldBe(11);
    }

    [Fact]
    public void NoMoreDevicesHaveALeaseThanMay()
    {
        var state = new SweepState(new TestSource(10), Cluster, []) { MaximumDevices = 1 };
        var first = Granted(state, Small);

        state
            .Lease(Large, Start)
            .ShouldBeOfType<LeaseAnswer.Wait>()
            .Reason.ShouldBe("it is measured on as many devices as it may be (1)");

        state.Tell(first.Token, [new CellTold.Ended(first.Cells[0].Index, new Outcome.Completed())], Start);
        Granted(state, Large);
    }

    [Fact]
    public void ACellThatFitsNoDeviceYetWaitsForOneThatJoins()
    {
        var state = new SweepState(new TestSource(2) { PeakBytes = i => i == 0 ? 50_000 : 50 }, Cluster, []);
        Granted(state, Small).Cells.Single().Index.ShouldBe(1);

        Granted(state, Large).Cells.Single().Index.ShouldBe(0);
    }

    [Fact]
    public void ACellThatFitsNoDeviceIsSkippedWhenNothingElseIsLeft()
    {
        var state = new SweepState(new TestSource(2) { PeakBytes = i => i == 0 ? 50_000 : 50 }, Cluster, []);
        var slice = Granted(state, Small);
        state.Lease(Small, Start).ShouldBeOfType<LeaseAnswer.Wait>().AskAgainNow.ShouldBeFalse();
        state.Tell(slice.Token, [new CellTold.Ended(1, new Outcome.Completed())], Start);

        state.Lease(Small, Start).ShouldBeOfType<LeaseAnswer.Wait>().AskAgainNow.ShouldBeTrue();
        var drained = state.Lease(Small, Start).ShouldBeOfType<LeaseAnswer.Drained>();

        drained
            .Settled.Single()
            .Outcome.ShouldBeOfType<Outcome.Skipped>()
            .Reason.ShouldStartWith("needs about 48.8 KiB, the largest device has 9.8 KiB");
        state.Progress.Passed.ShouldBe(2);
    }

    [Fact]
    public void ManyCellsThatFitNoDeviceDoNotAllWait()
    {
        var state = new SweepState(new TestSource(5000) { PeakBytes = _ => 50_000 }, Cluster, []);

        // 4,096 wait; the others are settled at once.
        state.Lease(Small, Start).Settled.Count.ShouldBe(5000 - 4096);
    }

    [Fact]
    public void ACellIsPoisonedByThreeDeathsOnTwoDevices()
    {
        var state = new SweepState(new TestSource(1), Cluster, []);
        state.SeeFleet(new FleetSize(2, 100_000, 100_000));

        Crash(state, Small).ShouldBeEmpty();
        Crash(state, Small).ShouldBeEmpty();
        // The third try is another device's.
        state
            .Lease(Small, Start)
            .ShouldBeOfType<LeaseAnswer.Wait>()
            .Reason.ShouldBe("1 cells that killed workers wait for another device");
        var poisoned = Crash(state, Large).Single().Outcome.ShouldBeOfType<Outcome.Poisoned>();

        poisoned.Reason.ShouldBe("its worker died 3 times on it on 2 devices and it was set aside; last oom: died");
    }

    [Fact]
    public void WhereOneDeviceIsAllThereIsItIsEnough()
    {
        var state = new SweepState(new TestSource(1), Cluster, []);
        state.SeeFleet(new FleetSize(1, 10_000, 0));

        Crash(state, Small).ShouldBeEmpty();
        Crash(state, Small).ShouldBeEmpty();
        Crash(state, Small)
            .Single()
            .Outcome.ShouldBe(
                new Outcome.Poisoned(
                    "its worker died 3 times on it on the one device and it was set aside; last oom: died"
                )
            );
    }

    [Fact]
    public void OneDeviceIsEnoughWhereTheCellFitsNoOther()
    {
        var state = new SweepState(new TestSource(1) { PeakBytes = _ => 50_000 }, Cluster, []);
        state.SeeFleet(new FleetSize(2, 100_000, 10_000));

        Crash(state, Large).ShouldBeEmpty();
        Crash(state, Large).ShouldBeEmpty();
        Crash(state, Large).Single().Outcome.ShouldBeOfType<Outcome.Poisoned>();
    }

    [Fact]
    public void DeathsThatTheStoreKnowsOfCount()
    {
        var source = new TestSource(3);
        var crashed = new Dictionary<CellId, CrashHistory>
        {
            [source.At(1)!.Id] = new(2, new HashSet<DeviceId> { Small.Id }),
        };
        var state = new SweepState(source, Cluster with { Crashed = crashed }, []);
        state.SeeFleet(new FleetSize(2, 100_000, 100_000));

        // Not on the device that killed it twice; alone, and first, on another, as its third attempt.
        Granted(state, Small).Cells.Single().Index.ShouldBe(0);
        var slice = Granted(state, Large);
        slice.Cells.Single().Index.ShouldBe(1);
        slice.Attempt.ShouldBe(3);
        Die(state, slice).Single().Outcome.ShouldBeOfType<Outcome.Poisoned>();
    }

    [Fact]
    public void ACellThatOnlyTheStoreKnowsToHaveKilledWorkersIsTriedAlsoWhereItIsTheOnlyOne()
    {
        var source = new TestSource(1);
        var crashed = new Dictionary<CellId, CrashHistory>
        {
            [source.At(0)!.Id] = new(2, new HashSet<DeviceId> { Small.Id }),
        };

        Granted(new SweepState(source, Cluster with { Crashed = crashed }, []), Large).Attempt.ShouldBe(3);
    }

    [Fact]
    public void DeathsThatWereForgivenDoNotCount()
    {
        Incident[] deaths = [At(1, "a"), At(2, "a"), At(3, "b")];
        var cell = deaths[0].Cell!.Value;

        CrashHistory
            .Of(deaths, new Dictionary<CellId, CellProgress> { [cell] = new(0, 0, null, Crashes: 1) })[cell]
            .Devices.ShouldBe([new DeviceId("b")]);
        CrashHistory.Of(deaths, new Dictionary<CellId, CellProgress>()).ShouldBeEmpty();

        static Incident At(int second, string device) =>
            new(new CellId("c"), Start.AddSeconds(second), new DeviceId(device), "oom", "died", "");
    }

    [Fact]
    public void SlicesCarryTheEpoch() =>
        Granted(new SweepState(new TestSource(1), Cluster with { Epoch = 7 }, []), Small).Epoch.ShouldBe(7);

    private static Slice Granted(SweepState state, DeviceInfo device) =>
        state.Lease(device, Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

    private static IReadOnlyList<Settlement> Crash(SweepState state, DeviceInfo device) =>
        Die(state, Granted(state, device));

    private static IReadOnlyList<Settlement> Die(SweepState state, Slice slice) =>
        state
            .Tell(slice.Token, [new CellTold.Crashed(slice.Cells.Single().Index, "oom", "died")], Start)
            .ShouldBeOfType<TellAnswer.Accepted>()
            .Settled;
}
