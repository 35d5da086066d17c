using Layerbench.Core;
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
}
