using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Cluster.Tests;

/// <summary>What a quick succession of deaths leaves behind: an activation that another has overtaken, a fleet that has forgotten.</summary>
public sealed class OvertakenTests
{
    [Fact]
    public async Task AnActivationWhoseEpochIsOverEndsAndTheSweepGoesOnUnderAnother()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 1);
        cluster.Log.Close();
        var sweep = await cluster.StartSweepAsync("s", 40);
        await Wait.UntilAsync(() => Task.FromResult(cluster.Log.Given.Count > 0));

        // As one does that is made elsewhere and ends at once, because this one is in the directory already.
        await cluster.Store.TakeEpochAsync(new SweepId("s"), TestContext.Current.CancellationToken);
        cluster.Log.Open();

        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", 40);
    }

    [Fact]
    public async Task ASiloThatWasDeclaredDeadAndLivesGetsNoWorkAndWhatItHadIsNotTakenFromIt()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 2);
        var node = (await cluster.Fleet.Nodes()).Single(n => n.Node.Name == "b").Node;
        var device = new DeviceInfo(new DeviceId("b/simulated:0"), "simulated", "m", [], 1L << 40);
        var held = (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

        // From here on the test speaks for its process, as one does that is cut off and has not heard that it is dead.
        await cluster.StopAsync("b");

        await Wait.UntilAsync(async () => (await sweep.Progress()).InFlight == 0);
        (await Should.ThrowAsync<InvalidOperationException>(() => cluster.Fleet.Heartbeat(node))).Message.ShouldBe(
            $"Silo {node.Silo} was declared dead, so node 'b' is not counted; the silo ends when it learns so."
        );
        var orders = await cluster.Fleet.Ask(DeviceKey.Parse(device.Id.Value));
        (orders.Unheard, orders.Sweeps.Count).ShouldBe((true, 0));
        (await sweep.Lease(device))
            .ShouldBeOfType<LeaseAnswer.Wait>()
            .Reason.ShouldBe("node 'b' has no silo in the cluster");
        (await sweep.Renew(held.Token)).ShouldBe(RenewAnswer.Stale);
        (
            await sweep.Tell(
                held.Token,
                new SliceTold([new CellTold.Ended(held.Cells[0].Index, new Outcome.Completed())])
            )
        ).ShouldBe(new TellAnswer.Stale());
        (await sweep.Progress()).Finished.ShouldBe(0);
        (await cluster.Fleet.Nodes()).Select(n => n.Node.Name).ShouldBe(["a"]);
    }

    [Fact]
    public async Task AnUnfinishedSweepThatTheFleetHasForgottenIsOfferedAgain()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        await cluster.StartSweepAsync("s", 5);

        await cluster.Fleet.Retire(new SweepId("s"));

        await Wait.UntilAsync(async () => (await cluster.Fleet.Sweeps()).Any(s => s.Id.Value == "s"));
    }
}
