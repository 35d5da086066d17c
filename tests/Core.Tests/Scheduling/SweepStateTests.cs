using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class SweepStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeviceInfo Device = TestSource.Device(0);

    // One cell per slice unless a test says otherwise.
    private static readonly SchedulingOptions Singles = TestSource.Options with { MaximumSliceCells = 1 };

    [Fact]
    public void TheLongestCellIsLeasedFirstAndTiesGoByIndex()
    {
        var flops = new double[] { 2, 5, 1, 5, 3 };
        var state = new SweepState(new TestSource(5) { Flops = i => flops[i] }, Singles, []);

        List<long> order = [];
        while (state.Lease(Device, Start) is LeaseAnswer.Granted granted)
        {
            order.Add(granted.Slice.Cells.Single().Index);
        }

        order.ShouldBe([1, 3, 4, 0, 2]);
    }

    [Fact]
    public void SlicesShrinkToAQuarterOfAnEvenShareAndEndWithSingleCells()
    {
        var state = new SweepState(
            new TestSource(40),
            TestSource.Options with
            {
                MaximumSliceCells = 4,
                Devices = 2,
            },
            []
        );

        List<int> sizes = [];
        while (state.Lease(Device, Start) is LeaseAnswer.Granted granted)
        {
            sizes.Add(granted.Slice.Cells.Count);
        }

        // remaining ÷ (4 × 2), at most 4: 40→4, 36→4, 32→4, 28→3, 25→3, 22→2, 20→2, 18→2, 16→2, then 14 singles.
        sizes.ShouldBe([4, 4, 4, 3, 3, 2, 2, 2, 2, .. Enumerable.Repeat(1, 14)]);
    }

    [Fact]
    public void OneDeviceTakesAsManyCellsAsASliceMayHoldBecauseEachSliceStartsProcesses()
    {
        var state = new SweepState(new TestSource(20), TestSource.Options with { MaximumSliceCells = 16 }, []);

        Granted(state).Cells.Count.ShouldBe(16);
    }

    [Fact]
    public void WhatADeviceHeldThatIsGoneIsGivenOutAgainBeforeItsLeaseHasExpired()
    {
        var state = new SweepState(new TestSource(2), Singles with { LeaseDuration = TimeSpan.FromHours(1) }, []);
        var lost = Granted(state);
        var other = TestSource.Device(1);
        var kept = state.Lease(other, Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

        state.TakeBack(d => d == Device.Id).ShouldBe([lost.Token]);

        state.Tell(lost.Token, [], Start).ShouldBe(new TellAnswer.Stale());
        state.Renew(kept.Token, Start).ShouldBeTrue();
        var again = state.Lease(other, Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        again.Cells.ShouldBe(lost.Cells);
    }

    [Fact]
    public void ASliceThatALostOwnerGaveOutGoesOnUnderItsTokenAndIsNotGivenOutAgain()
    {
        var before = new SweepState(new TestSource(6), Singles with { MaximumSliceCells = 2 }, []);
        var slice = Granted(before);
        var (first, second) = (slice.Cells[0].Index, slice.Cells[1].Index);
        var claim = new SliceClaim(slice.Token, Device, slice.Attempt, [first, second]);

        // The first of its cells has ended meanwhile, and another's slice is not this plan's.
        var after = new SweepState(new TestSource(6), Singles, [first]);
        after.Adopt([claim, claim with { Token = new LeaseToken("x"), Cells = [7] }], Start).ShouldBe([claim]);

        (after.Progress.Finished, after.Progress.InFlight).ShouldBe((0, 2));
        after.Renew(slice.Token, Start).ShouldBeTrue();
        List<long> given = [];
        while (after.Lease(TestSource.Device(1), Start) is LeaseAnswer.Granted granted)
        {
            given.Add(granted.Slice.Cells.Single().Index);
            after.Tell(granted.Slice.Token, [new CellTold.Ended(given[^1], new Outcome.Completed())], Start);
        }

        given.Order().ShouldBe(Enumerable.Range(0, 6).Select(i => (long)i).Except([first, second]));
        after
            .Tell(
                slice.Token,
                [.. slice.Cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed()))],
                Start
            )
            .ShouldBeOfType<TellAnswer.Accepted>();
        (after.Progress.Finished, after.Progress.InFlight).ShouldBe((6, 0));
    }

    [Fact]
    public void ALaunchOfASliceIsNotExpectedToTakeLongerThanAllowed()
    {
        var source = new TestSource(20) { Flops = _ => 1 };
        var options = TestSource.Options with { MaximumSliceCells = 16, ExpectedSeconds = (_, _) => 25 };

        Granted(new SweepState(source, options with { MaximumLaunch = TimeSpan.FromSeconds(60) }, []))
            .Cells.Count.ShouldBe(2);
        Granted(new SweepState(source, options with { MaximumLaunch = TimeSpan.FromSeconds(10) }, []))
            .Cells.Count.ShouldBe(1);
    }

    [Fact]
    public void ASliceOfLongCellsIsShortSoThatOneDeviceDoesNotGetAllOfThem()
    {
        // 200 s of 1 s cells and four of 30 s; a quarter of an even share over two devices is 40 s.
        var source = new TestSource(204) { Flops = i => i < 4 ? 30 : 1 };
        var state = new SweepState(source, TestSource.Options with { Devices = 2 }, []);

        Granted(state).Cells.Select(c => c.Index).ShouldBe([0]);
    }

    [Fact]
    public void CellsOfASliceShareBackendAndThreads()
    {
        var source = new TestSource(400)
        {
            Flops = i => i,
            Backend = i => i % 2 == 0 ? "torchsharp" : "pytorch",
            Threads = i => i % 3 == 0 ? 1 : 2,
        };
        var state = new SweepState(source, TestSource.Options with { MaximumSliceCells = 8 }, []);

        List<Slice> slices = [];
        while (state.Lease(Device, Start) is LeaseAnswer.Granted granted)
        {
            slices.Add(granted.Slice);
        }

        slices.ShouldAllBe(s => s.Cells.All(c => c.Backend == s.Backend && c.Threads == s.Threads));
        slices[0].Cells.Count.ShouldBe(8);
        slices.Sum(s => s.Cells.Count).ShouldBe(400);
    }

    [Fact]
    public void TheSameInputsGiveTheSameTokensAndAnotherTimeGivesOthers()
    {
        static string FirstToken(ulong seed, DateTimeOffset now) =>
            (
                (LeaseAnswer.Granted)
                    new SweepState(new TestSource(9), Singles with { Seed = seed }, []).Lease(Device, now)
            )
                .Slice
                .Token
                .Value;

        FirstToken(1, Start).ShouldBe(FirstToken(1, Start));
        FirstToken(1, Start).Length.ShouldBe(16);
        FirstToken(2, Start).ShouldNotBe(FirstToken(1, Start));
        // A run that was killed and started again with the same seed gives no token of its former life.
        FirstToken(1, Start.AddTicks(1)).ShouldNotBe(FirstToken(1, Start));
    }

    [Fact]
    public void CellsThatTheStoreHasAreNotGivenAgain()
    {
        var state = new SweepState(new TestSource(6), Singles, [4, 0, 4]);

        state.Progress.ShouldBe(new SweepProgress(6, 2, 2, 0, 0, false, false));
        RunAll(state).ShouldBe([1, 2, 3, 5]);
        state.Progress.Finished.ShouldBe(6);
    }

    [Fact]
    public void AFinishedIndexOutsideThePlanIsRefused()
    {
        var refused = Should.Throw<ArgumentOutOfRangeException>(() => new SweepState(new TestSource(6), Singles, [6]));
        refused.Message.ShouldContain("index 6, the plan has indices 0 to 5");
    }

    [Fact]
    public void ExcludedPointsAreCountedAndNeverLeased()
    {
        var state = new SweepState(new TestSource(10) { Excluded = i => i % 2 == 0 }, Singles, []);

        RunAll(state).ShouldBe([1, 3, 5, 7, 9]);
        state.Progress.ShouldBe(new SweepProgress(10, 10, 5, 5, 0, false, false));
        state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Drained>();
    }

    [Fact]
    public void ExpiredLeaseReturnsItsCellsToThePlan()
    {
        var state = new SweepState(new TestSource(1), Singles, []);
        var first = Granted(state);
        first.ExpiresAt.ShouldBe(Start.AddSeconds(60));

        state.Expire(Start.AddSeconds(59.999)).ShouldBeEmpty();
        state.Expire(Start.AddSeconds(60)).ShouldBe([first.Token]);

        var second = Granted(state, Start.AddSeconds(61));
        second.Cells.Single().Index.ShouldBe(0);
        second.Token.ShouldNotBe(first.Token);
        second.Attempt.ShouldBe(1);
        state.Tell(first.Token, [Ended(0)], Start.AddSeconds(62)).ShouldBeOfType<TellAnswer.Stale>();
        state.Progress.Finished.ShouldBe(0);
    }

    [Fact]
    public void ALeaseIsDeadAtItsTimeEvenBeforeItIsTakenBack()
    {
        var state = new SweepState(new TestSource(1), Singles, []);
        var slice = Granted(state);

        state.Renew(slice.Token, Start.AddSeconds(60)).ShouldBeFalse();
        state.Tell(slice.Token, [Ended(0)], Start.AddSeconds(60)).ShouldBeOfType<TellAnswer.Stale>();
        state.Expire(Start.AddSeconds(60)).ShouldBe([slice.Token]);
    }

    [Fact]
    public void ARenewedLeaseLivesOn()
    {
        var state = new SweepState(new TestSource(1), Singles, []);
        var slice = Granted(state);

        state.Renew(slice.Token, Start.AddSeconds(50)).ShouldBeTrue();
        state.Expire(Start.AddSeconds(100)).ShouldBeEmpty();
        state.Tell(slice.Token, [Ended(0)], Start.AddSeconds(109)).ShouldBeOfType<TellAnswer.Accepted>();
        state.Renew(slice.Token, Start.AddSeconds(109)).ShouldBeFalse();
        state.Renew(new LeaseToken("never given"), Start).ShouldBeFalse();
    }

    [Fact]
    public void TellingTheSameTokenTwiceChangesNothing()
    {
        var state = new SweepState(new TestSource(2), Singles, []);
        var slice = Granted(state);

        state.Tell(slice.Token, [Ended(0)], Start).ShouldBeOfType<TellAnswer.Accepted>();
        var after = state.Progress;
        state.Tell(slice.Token, [Ended(0)], Start.AddHours(1)).ShouldBeOfType<TellAnswer.Repeated>();
        // Nor does another story under the same token.
        state.Tell(slice.Token, [new CellTold.Crashed(0, "oom", "")], Start).ShouldBeOfType<TellAnswer.Repeated>();
        state.Progress.ShouldBe(after);
        state.Tell(new LeaseToken("never given"), [], Start).ShouldBeOfType<TellAnswer.Stale>();
    }

    [Fact]
    public void CellsThatAreNotNamedAreHandedBack()
    {
        var state = new SweepState(new TestSource(100), TestSource.Options with { MaximumSliceCells = 3 }, []);
        var slice = Granted(state);
        slice.Cells.Select(c => c.Index).ShouldBe([0, 1, 2]);

        state.Tell(slice.Token, [Ended(1), new CellTold.HandedBack(2)], Start);

        var next = Granted(state);
        next.Cells.Select(c => c.Index).ShouldBe([0, 2]);
        next.Attempt.ShouldBe(1);
    }

    [Fact]
    public void TellingOfACellThatIsNotInTheSliceOrTwiceOfOneThrowsAndChangesNothing()
    {
        var state = new SweepState(new TestSource(3), Singles, []);
        var slice = Granted(state);

        Should
            .Throw<ArgumentException>(() => state.Tell(slice.Token, [Ended(0), Ended(2)], Start))
            .Message.ShouldStartWith("Cell 2 is not in the slice");
        Should
            .Throw<ArgumentException>(() => state.Tell(slice.Token, [Ended(0), Ended(0)], Start))
            .Message.ShouldStartWith("Cell 0 is told of twice");
        state.Progress.InFlight.ShouldBe(1);
        state.Tell(slice.Token, [Ended(0)], Start).ShouldBeOfType<TellAnswer.Accepted>();
    }

    [Fact]
    public void ACellThatCrashesIsTriedAgainNextAndAloneAndThenPoisoned()
    {
        var state = new SweepState(new TestSource(100), TestSource.Options with { MaximumSliceCells = 4 }, []);
        var first = Granted(state);
        first.Cells.Count.ShouldBe(4);
        Told(state, first, new CellTold.Crashed(2, "oom", "killed"), Ended(0), Ended(1), Ended(3)).ShouldBeEmpty();

        var second = Granted(state);
        (second.Cells.Single().Index, second.Attempt).ShouldBe((2, 2));
        Told(state, second, new CellTold.HandedBack(2)).ShouldBeEmpty();

        var third = Granted(state);
        (third.Cells.Single().Index, third.Attempt).ShouldBe((2, 2));
        Told(state, third, new CellTold.Crashed(2, "timeout", "no answer in 600 s")).ShouldBeEmpty();

        var fourth = Granted(state);
        (fourth.Cells.Single().Index, fourth.Attempt).ShouldBe((2, 3));
        var settlement = Told(state, fourth, new CellTold.Crashed(2, "worker_lost", "signal 11")).Single();

        settlement.Cell.Index.ShouldBe(2);
        settlement.Outcome.ShouldBe(
            new Outcome.Poisoned("its worker died 3 times on it and it was set aside; last worker_lost: signal 11")
        );
        state.Progress.Finished.ShouldBe(4);
        RunAll(state).ShouldNotContain(2);
    }

    [Fact]
    public void ACellThatFitsNoDeviceIsSkippedWithTheSizes()
    {
        const long gib = 1L << 30;
        var source = new TestSource(3) { PeakBytes = i => i == 1 ? 12.3 * gib : gib };
        var state = new SweepState(source, Singles with { LargestDeviceMemoryBytes = 8 * gib }, []);

        var answer = state.Lease(TestSource.Device(0, 8 * gib), Start);

        var settlement = answer.Settled.Single();
        settlement.Cell.Index.ShouldBe(1);
        settlement.Outcome.ShouldBe(
            new Outcome.Skipped(
                "needs about 12.3 GiB, the largest device has 8.0 GiB; fewer sequences or a smaller width fit"
            )
        );
        state.Progress.Finished.ShouldBe(1);
    }

    [Fact]
    public void ARefusedCellIsSkippedWithItsReason()
    {
        var source = new TestSource(2) { Refused = i => i == 0 ? "d_model 510 is not divisible by heads 8" : null };
        var state = new SweepState(source, Singles, []);

        var answer = state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Granted>();

        answer.Slice.Cells.Single().Index.ShouldBe(1);
        answer.Settled.Single().Outcome.ShouldBe(new Outcome.Skipped("d_model 510 is not divisible by heads 8"));
    }

    [Fact]
    public void ManySkippedCellsAreSettledInSharesUntilNothingIsLeft()
    {
        var state = new SweepState(new TestSource(10_000) { Refused = _ => "no" }, Singles, []);

        List<int> shares = [];
        LeaseAnswer answer;
        do
        {
            answer = state.Lease(Device, Start);
            shares.Add(answer.Settled.Count);
            (answer as LeaseAnswer.Wait)?.AskAgainNow.ShouldBeTrue();
        } while (answer is not LeaseAnswer.Drained);

        shares.ShouldBe([4096, 4096, 1808]);
        state.Progress.Finished.ShouldBe(10_000);
    }

    [Fact]
    public void ACellTooLargeForOneDeviceWaitsForALargerOneAndTheSmallOneGoesOn()
    {
        var source = new TestSource(3) { Flops = i => 10 - i, PeakBytes = i => i == 0 ? 2000 : 100 };
        var state = new SweepState(source, Singles with { LargestDeviceMemoryBytes = 4000 }, []);
        var small = TestSource.Device(0, 1000);

        Granted(state, device: small).Cells.Single().Index.ShouldBe(1);
        Granted(state, device: small).Cells.Single().Index.ShouldBe(2);
        var wait = state.Lease(small, Start).ShouldBeOfType<LeaseAnswer.Wait>();
        wait.Reason.ShouldBe("1 cells wait for a device with more memory than 1000.0 B");
        wait.AskAgainNow.ShouldBeFalse();

        Granted(state, device: TestSource.Device(1, 4000)).Cells.Single().Index.ShouldBe(0);
    }

    [Fact]
    public void PausedGivesNothingAndResumedGoesOn()
    {
        var state = new SweepState(new TestSource(2), Singles, []);
        var slice = Granted(state);

        state.Pause();
        state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Wait>().Reason.ShouldBe("the sweep is paused");
        Told(state, slice, Ended(0));
        state.Progress.ShouldBe(new SweepProgress(2, 1, 1, 0, 0, true, false));

        state.Resume();
        Granted(state).Cells.Single().Index.ShouldBe(1);
    }

    [Fact]
    public void CancelledLeasesNothingAndStillTakesWhatIsTold()
    {
        var state = new SweepState(new TestSource(2), Singles, []);
        var slice = Granted(state);

        state.Cancel();

        state.Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Drained>();
        state.Renew(slice.Token, Start).ShouldBeTrue();
        Told(state, slice, Ended(0));
        state.Progress.ShouldBe(new SweepProgress(2, 1, 1, 0, 0, false, true));
        Should.Throw<InvalidOperationException>(state.Resume);
        Should.Throw<InvalidOperationException>(state.Pause);
    }

    [Fact]
    public void WhileCellsAreInFlightElsewhereADeviceWaits()
    {
        var state = new SweepState(new TestSource(1), Singles, []);
        var slice = Granted(state);

        var wait = state.Lease(TestSource.Device(1), Start).ShouldBeOfType<LeaseAnswer.Wait>();
        wait.Reason.ShouldBe("1 cells are in flight and may come back");

        Told(state, slice, Ended(0));
        state.Lease(TestSource.Device(1), Start).ShouldBeOfType<LeaseAnswer.Drained>().Settled.ShouldBeEmpty();
    }

    [Fact]
    public void WorkFollowsTheCells()
    {
        var state = new SweepState(new TestSource(4) { Flops = i => i + 1 }, Singles, [3]);
        var slice = Granted(state);
        slice.Cells.Single().Index.ShouldBe(2);

        state.Work.ShouldBe(new SweepWork(6, 0, InFlight: 3));
        Told(state, slice, Ended(2));
        state.Work.ShouldBe(new SweepWork(3, 3));
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new SweepState(new TestSource(1), Singles with { Devices = 0 }, [])
        );
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new SweepState(new TestSource(1), Singles with { LeaseDuration = TimeSpan.Zero }, [])
        );
    }

    [Fact]
    public void AnEmptyPlanIsDrainedAtOnce() =>
        new SweepState(new TestSource(0), Singles, []).Lease(Device, Start).ShouldBeOfType<LeaseAnswer.Drained>();

    private static CellTold Ended(long index) => new CellTold.Ended(index, new Outcome.Completed());

    private static Slice Granted(SweepState state, DateTimeOffset? now = null, DeviceInfo? device = null) =>
        state.Lease(device ?? Device, now ?? Start).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

    private static IReadOnlyList<Settlement> Told(SweepState state, Slice slice, params CellTold[] told) =>
        state.Tell(slice.Token, told, Start).ShouldBeOfType<TellAnswer.Accepted>().Settled;

    /// <summary>Runs what is left on one device and returns the indices in the order of their leases.</summary>
    private static List<long> RunAll(SweepState state)
    {
        List<long> order = [];
        while (state.Lease(Device, Start) is LeaseAnswer.Granted granted)
        {
            order.AddRange(granted.Slice.Cells.Select(c => c.Index));
            Told(state, granted.Slice, [.. granted.Slice.Cells.Select(c => Ended(c.Index))]);
        }

        return order;
    }
}
