using Layerbench.Metrics.Sweeps;
using Orleans.Core.Internal;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <summary>Which sweeps a silo shows as metrics.</summary>
public sealed class OldSweepTests
{
    [Fact]
    public async Task ASweepThatEndedLongAgoIsNotShownAgainBecauseSomebodyAsksOfIt()
    {
        var clock = new MovedClock();
        await using var cluster = await TestCluster.StartAsync(
            silos: 1,
            devicesEach: 1,
            clocks: new Dictionary<string, TimeProvider> { ["a"] = clock }
        );
        var board = cluster.Part<SweepBoard>("a");
        var sweep = await cluster.StartSweepAsync("s", 2);
        await Wait.UntilDoneAsync(sweep);

        await ShownAfterAskingAsync(cluster, sweep, board, ["s"]);
        clock.Forward = TimeSpan.FromHours(2);
        await ShownAfterAskingAsync(cluster, sweep, board, []);
    }

    /// <summary>By another activation, as its silo may be another by now.</summary>
    private static async Task ShownAfterAskingAsync(
        TestCluster cluster,
        ISweepGrain sweep,
        SweepBoard board,
        string[] shown
    )
    {
        var before = (await sweep.Events(default, 1))!.Events[0].Id.Epoch;
        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Wait.UntilAsync(async () => (await sweep.Events(default, 1))!.Events[0].Id.Epoch > before);
        (await sweep.Status())!.Finished.ShouldBe(2);
        board.Sweeps.Select(s => s.Sweep.Value).ShouldBe(shown);
    }
}
