using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Microsoft.Data.Sqlite;

namespace Layerbench.Cluster.Tests;

/// <summary>A sweep whose store keeps a call waiting.</summary>
public sealed class HeldUpTests
{
    private static readonly DeviceInfo device = new(new DeviceId("a/simulated:90"), "simulated", "m", [], 1L << 40);

    [Fact]
    public async Task WhoRenewsOrLooksOnIsAnsweredThoughTheStoreKeepsACommandWaiting()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 2);
        var held = (await sweep.Lease(device)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        await using var other = new SqliteConnection($"Data Source={Path.Combine(cluster.Folder, "layerbench.db")}");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = other.BeginTransaction();

        // Nobody can write until that transaction ends, which is later than a call waits for.
        var waiting = sweep.RerunFailed();

        (await sweep.Renew(held.Token)).ShouldBe(RenewAnswer.Held);
        (await sweep.Status())!.InFlight.ShouldBe(held.Cells.Count);
        (await sweep.Events(default, 10))!.Events.ShouldNotBeEmpty();
        await writing.RollbackAsync(TestContext.Current.CancellationToken);
        await waiting.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
    }

    [Fact]
    public async Task ASweepIsNotToldOfAsOverBeforeTheStoreHasItsLastCell()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 1);
        // The third worker that it kills, on a second device, is its last.
        (await CrashAsync(sweep, device)).ShouldBeEmpty();
        (await CrashAsync(sweep, device)).ShouldBeEmpty();
        await using var other = new SqliteConnection($"Data Source={Path.Combine(cluster.Folder, "layerbench.db")}");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = other.BeginTransaction();
        var last = CrashAsync(sweep, device with { Id = new DeviceId("a/simulated:91") });
        await Wait.UntilAsync(async () => (await sweep.Status())!.Finished == 1);

        (await sweep.Status())!.Stage.ShouldNotBe(SweepStage.Finished);
        (await sweep.Events(default, 10))!.Events.ShouldNotContain(e => e.Event is EngineEvent.SweepEnded);

        await writing.RollbackAsync(TestContext.Current.CancellationToken);
        (await last).Single().Outcome.ShouldBeOfType<Outcome.Poisoned>();
        (await sweep.Status())!.Stage.ShouldBe(SweepStage.Finished);
        (await sweep.Events(default, 10))!.Events.ShouldContain(e => e.Event is EngineEvent.SweepEnded);
    }

    private static async Task<IReadOnlyList<Settlement>> CrashAsync(ISweepGrain sweep, DeviceInfo on)
    {
        var slice = (await sweep.Lease(on)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        var told = new SliceTold([new CellTold.Crashed(slice.Cells.Single().Index, "worker_lost", "died")]);
        return (await sweep.Tell(slice.Token, told)).ShouldBeOfType<TellAnswer.Accepted>().Settled;
    }
}
