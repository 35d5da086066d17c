using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Orleans.Core.Internal;

namespace Layerbench.Cluster.Tests;

public sealed class SweepTests
{
    private static readonly DeviceInfo device = new(new DeviceId("a/simulated:90"), "simulated", "m", [], 1L << 40);

    [Fact]
    public async Task TwoSilosRunASweepToItsEndEachCellOnce()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 3);

        var sweep = await cluster.StartSweepAsync("s", 300);
        await Wait.UntilDoneAsync(sweep);

        await cluster.ShouldHaveEachCellOnceAsync("s", 300);
        var given = cluster.Log.Given;
        given.Select(g => g.Cell).Order().ShouldBe(Enumerable.Range(0, 300).Select(i => (long)i));
        // Every device took part, and each ran on the silo of its own node.
        given
            .Select(g => g.Device.Value)
            .Distinct()
            .Order()
            .ShouldBe([
                "a/simulated:0",
                "a/simulated:1",
                "a/simulated:2",
                "b/simulated:0",
                "b/simulated:1",
                "b/simulated:2",
            ]);
        given.ShouldAllBe(g => g.Device.Value.StartsWith(g.Node + "/", StringComparison.Ordinal));
        await Wait.UntilAsync(async () => (await cluster.Fleet.Sweeps()).Count == 0);
    }

    [Fact]
    public async Task ASiloThatStopsEndsItsSlicesAndOthersGoOn()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 2);
        var sweep = await cluster.StartSweepAsync("s", 200);
        await Wait.UntilAsync(() => Task.FromResult(cluster.Log.Given.Any(g => g.Node == "b")));

        await cluster.StopAsync("b");

        var before = cluster.Log.Given.Count(g => g.Node == "b");
        (await cluster.Fleet.Nodes()).Select(n => n.Node.Name).ShouldBe(["a"]);
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 200);
        cluster.Log.Given.Count(g => g.Node == "b").ShouldBe(before);
    }

    [Fact]
    public async Task AStaleTokenIsRefusedAndItsCellsAreGivenAgain()
    {
        var times = TestCluster.Quick with { Lease = TimeSpan.FromMicroseconds(1) };
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0, times);
        var sweep = await cluster.StartSweepAsync("s", 1);

        var first = (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

        (await sweep.Renew(first.Token)).ShouldBe(RenewAnswer.Stale);
        (
            await sweep.Tell(first.Token, new SliceTold([new CellTold.Ended(0, new Core.Results.Outcome.Completed())]))
        ).ShouldBe(new TellAnswer.Stale());
        (await sweep.Progress()).Finished.ShouldBe(0);
        var second = (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        second.Cells.Single().Id.ShouldBe(first.Cells.Single().Id);
        second.Token.ShouldNotBe(first.Token);
    }

    [Fact]
    public async Task ADeviceWhoseNodeTheClusterHasLostGetsNothingThoughItAsks()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 1);

        var answer = await sweep.Lease(device with { Id = new DeviceId("lost/simulated:0") });

        answer.ShouldBeOfType<LeaseAnswer.Wait>().Reason.ShouldBe("node 'lost' has no silo in the cluster");
        (await sweep.Progress()).InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task ATokenToldTwiceCountsOnce()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 1);
        var slice = (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        CellTold[] told = [new CellTold.Ended(0, new Core.Results.Outcome.Completed())];

        (await sweep.Tell(slice.Token, new SliceTold(told))).ShouldBeOfType<TellAnswer.Accepted>();

        (await sweep.Tell(slice.Token, new SliceTold(told))).ShouldBe(new TellAnswer.Repeated());
        (await sweep.Progress()).Finished.ShouldBe(1);
    }

    [Fact]
    public async Task APausedSweepEndsWhatIsInFlightAndGivesNothingOutUntilItIsResumed()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        cluster.Log.Close();
        var sweep = await cluster.StartSweepAsync("s", 60);
        await Wait.UntilAsync(() => Task.FromResult(DevicesAtWork(cluster) == 2));
        var inFlight = cluster.Log.Given.Count;

        await sweep.Pause();
        cluster.Log.Open();
        await Wait.UntilAsync(async () => (await sweep.Progress()).InFlight == 0);

        (await sweep.Progress()).Finished.ShouldBe(inFlight);
        // It is the user's word, not the activation's.
        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        (await sweep.Progress()).Paused.ShouldBeTrue();
        (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Wait>().Reason.ShouldBe("the sweep is paused");
        cluster.Log.Given.Count.ShouldBe(inFlight);

        await sweep.Resume();
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 60);
    }

    [Fact]
    public async Task ACancelledSweepGetsItsCellsBackAndGoesOnOnlyWhenItIsStartedAgain()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        cluster.Log.Close();
        var sweep = await cluster.StartSweepAsync("s", 60);
        await Wait.UntilAsync(() => Task.FromResult(DevicesAtWork(cluster) == 2));

        await sweep.Cancel();

        // The gate stays closed: only the stop that comes with a renewal lets the slices end.
        await Wait.UntilAsync(async () => (await sweep.Progress()).InFlight == 0);
        (await sweep.Progress()).Finished.ShouldBe(0);
        (await cluster.Fleet.Sweeps()).ShouldBeEmpty();
        (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Drained>();
        await Should.ThrowAsync<InvalidOperationException>(sweep.Resume);

        cluster.Log.Open();
        await cluster.StartSweepAsync("s", 60);
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 60);
    }

    [Fact]
    public async Task ASweepThatCannotBeStartedSaysWhyAndLeavesNothingBehind()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var record = TestCluster.Record("s", 5);

        var text = await Should.ThrowAsync<ArgumentException>(() =>
            cluster.Sweep("s").Start(record with { Spec = "axes: {}" }, SweepTerms.Ordinary)
        );
        text.Message.ShouldContain("variants");
        (await cluster.Store.SweepsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        var unknown = await Should.ThrowAsync<InvalidOperationException>(() => cluster.Sweep("s").Progress());
        unknown.Message.ShouldContain("'s' is not known here; start it first");

        await cluster.StartSweepAsync("s", 5);
        var other = await Should.ThrowAsync<ArgumentException>(() => cluster.StartSweepAsync("s", 6));
        other.Message.ShouldContain("Another sweep is stored as 's' already");
    }

    [Fact]
    public async Task ADrainedNodeGetsNoWork()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 1);
        await cluster.Fleet.Drain("a", drain: true);

        var sweep = await cluster.StartSweepAsync("s", 20);
        await Wait.UntilDoneAsync(sweep);

        cluster.Log.Given.ShouldAllBe(g => g.Node == "b");
        (await cluster.Fleet.Nodes()).Select(n => (n.Node.Name, n.Draining)).ShouldBe([("a", true), ("b", false)]);
    }

    [Fact]
    public async Task AFleetThatIsLostKnowsItsSweepsAndHearsOfItsNodesAgain()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 1);
        cluster.Log.Close();
        var sweep = await cluster.StartSweepAsync("s", 20);
        await Wait.UntilAsync(() => Task.FromResult(DevicesAtWork(cluster) == 1));

        await cluster.Fleet.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        (await cluster.Fleet.Sweeps()).Select(s => s.Id.Value).ShouldBe(["s"]);
        // Also of what its devices are at, though they began before.
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).SingleOrDefault()?.Busy.Count == 1);
        cluster.Log.Open();
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 20);
    }

    [Fact]
    public async Task ASweepWhoseWorkerStartsOnNoDeviceStopsWithTheReasonAndGoesOnWhenStartedAgain()
    {
        var times = TestCluster.Quick with { Poll = TimeSpan.FromMilliseconds(10) };
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 1, times);
        cluster.Log.Unrunnable = "there is no Python";

        var sweep = await cluster.StartSweepAsync("s", 20);
        await Wait.UntilAsync(async () => (await sweep.Progress()).StopReason is not null);

        var stopped = await sweep.Progress();
        stopped.StopReason!.ShouldStartWith(
            "its workers start on none of its 2 devices, after 5 tries on each; the last was "
        );
        stopped.StopReason.ShouldEndWith("/simulated:0: there is no Python; repair that, then start the sweep again");
        stopped.Finished.ShouldBe(0);
        // It is the sweep's end, not the activation's.
        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        (await sweep.Progress()).StopReason.ShouldBe(stopped.StopReason);
        (await cluster.Fleet.Sweeps()).ShouldBeEmpty();

        cluster.Log.Unrunnable = null;
        await cluster.StartSweepAsync("s", 20);
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 20);
    }

    private static int DevicesAtWork(TestCluster cluster) => cluster.Log.Given.Select(g => g.Device).Distinct().Count();
}
