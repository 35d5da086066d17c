using Layerbench.Core;

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
    public async Task AnUnfinishedSweepThatTheFleetHasForgottenIsOfferedAgain()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        await cluster.StartSweepAsync("s", 5);

        await cluster.Fleet.Retire(new SweepId("s"));

        await Wait.UntilAsync(async () => (await cluster.Fleet.Sweeps()).Any(s => s.Id.Value == "s"));
    }
}
