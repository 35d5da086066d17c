using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains.Sweeps;
using Microsoft.Data.Sqlite;
using Orleans.Core.Internal;

namespace Layerbench.Cluster.Tests;

public sealed class WatchTests
{
    private const int Many = 1000;

    private static readonly DeviceInfo device = new(new DeviceId("a/simulated:90"), "simulated", "m", [], 1L << 40);

    [Fact]
    public async Task EventsGoOnAfterTheOneThatWasSeenAndEndWithTheSweep()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 2);

        var first = (await sweep.Events(default, Many))!;
        var slice = await LeaseAsync(sweep);
        var leased = (await sweep.Events(first.Events[^1].Id, Many))!;
        await EndAsync(cluster, sweep, slice, new Outcome.Completed());
        var rest = await ToTheEndAsync(cluster, sweep, leased.Events[^1].Id, new Outcome.Completed());

        first.Events.Select(e => e.Event.GetType().Name).ShouldBe(["SweepStarted", "ProgressMade"]);
        ((EngineEvent.SweepStarted)first.Events[0].Event).Cells.ShouldBe(2);
        first.Ended.ShouldBeFalse();
        leased.Events.Select(e => e.Event.GetType().Name).ShouldBe(["SliceLeased"]);
        rest.OfType<EngineEvent.CellFinished>().Select(e => e.Result.Index).Order().ShouldBe([0, 1]);
        rest[^1].ShouldBeOfType<EngineEvent.SweepEnded>().End.ShouldBe(RunEnd.Finished);
        ((EngineEvent.SweepEnded)rest[^1]).Outcomes["completed"].ShouldBe(2);
        // Who comes after the end is told of it as well.
        var late = (await sweep.Events(default, Many))!;
        late.Ended.ShouldBeTrue();
        late.Events[^1].Event.ShouldBeOfType<EngineEvent.SweepEnded>();
        late.Events[0].Event.ShouldBeOfType<EngineEvent.SweepStarted>().FinishedBefore.ShouldBe(0);
        late.Events.Count(e => e.Event is EngineEvent.CellFinished).ShouldBe(2);
    }

    [Fact]
    public async Task AnotherActivationGivesASnapshotFirst()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 3);
        await EndAsync(cluster, sweep, await LeaseAsync(sweep), new Outcome.Completed());
        var seen = (await sweep.Events(default, Many))!.Events[^1].Id;

        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var after = (await sweep.Events(seen, Many))!;

        after.Events[0].Event.ShouldBeOfType<EngineEvent.SweepStarted>().FinishedBefore.ShouldBeGreaterThan(0);
        after.Events[0].Id.Epoch.ShouldBe(seen.Epoch + 1);
    }

    [Fact]
    public async Task FailedCellsAreRunAgainAndNoOthers()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 2);
        await ToTheEndAsync(cluster, sweep, default, new Outcome.Failed("no"), only: 1);
        var failed = (await sweep.Status())!;

        await sweep.RerunFailed();
        var again = (await sweep.Status())!;
        var slice = await LeaseAsync(sweep);
        await EndAsync(cluster, sweep, slice, new Outcome.Completed());

        failed.Stage.ShouldBe(SweepStage.Finished);
        failed.Failures.ShouldBe(1);
        again.Stage.ShouldBe(SweepStage.Waiting);
        again.Finished.ShouldBe(1);
        slice.Cells.Select(c => c.Index).ShouldBe([1]);
        (await sweep.Status())!.Outcomes.ShouldBe(new Dictionary<string, long> { ["completed"] = 2 });
    }

    [Fact]
    public async Task FailedCellsAreRunAgainThoughTheirStoreWasBrokenWhenThatWasAskedFirst()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 2);
        await ToTheEndAsync(cluster, sweep, default, new Outcome.Failed("no"), only: 1);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(cluster.Folder, "layerbench.db")}");
        await other.OpenAsync(TestContext.Current.CancellationToken);

        // The cell is opened in the store, and then its sweep cannot be loaded.
        await DoAsync(other, "UPDATE sweeps SET spec = 'simulated: few'");
        await Should.ThrowAsync<ArgumentException>(sweep.RerunFailed);
        await DoAsync(other, "UPDATE sweeps SET spec = 'simulated: 2'");
        await sweep.RerunFailed();

        LeaseAnswer.Granted? again = null;
        await Wait.UntilAsync(async () => (again = await sweep.Lease(device) as LeaseAnswer.Granted) is not null);
        again!.Slice.Cells.Select(c => c.Index).ShouldBe([1]);
    }

    [Fact]
    public async Task ASweepStaysItsFirstOwners()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = cluster.Sweep("s");
        var record = TestCluster.Record("s", 5);

        (await sweep.Status()).ShouldBeNull();
        (await sweep.Events(default, Many)).ShouldBeNull();
        (await sweep.Start(record, new SweepTerms(1, "ann"))).ShouldBeTrue();
        (await sweep.Start(record, new SweepTerms(9, "bob"))).ShouldBeFalse();
        var status = (await sweep.Status())!;
        (await sweep.Start(record, new SweepTerms(2, "ann"))).ShouldBeFalse();

        (status.User, status.Priority).ShouldBe(("ann", 1));
        (await sweep.Status())!.Priority.ShouldBe(2);
        status.Stage.ShouldBe(SweepStage.Waiting);
        status.Cells.ShouldBe(5);
    }

    [Fact]
    public async Task AskingForASweepThatThereIsNotLeavesNothingInMemory()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = cluster.Sweep("nobodys");
        var management = cluster.Grains.GetGrain<IManagementGrain>(0);

        (await sweep.Status()).ShouldBeNull();
        await Wait.UntilAsync(async () => await management.GetActivationAddress(sweep) is null);
        (await sweep.Events(default, Many)).ShouldBeNull();
        await Wait.UntilAsync(async () => await management.GetActivationAddress(sweep) is null);
    }

    [Fact]
    public async Task ACancelledSweepEndsWhenNothingIsInFlight()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var sweep = await cluster.StartSweepAsync("s", 5);
        var slice = await LeaseAsync(sweep);

        await sweep.Cancel();
        var before = (await sweep.Events(default, Many))!;
        await sweep.Tell(slice.Token, new SliceTold([]));
        var after = (await sweep.Events(before.Events[^1].Id, Many))!;

        before.Ended.ShouldBeFalse();
        after.Ended.ShouldBeTrue();
        after.Events[^1].Event.ShouldBeOfType<EngineEvent.SweepEnded>().End.ShouldBe(RunEnd.Interrupted);
        (await sweep.Status())!.Stage.ShouldBe(SweepStage.Cancelled);
        await Should.ThrowAsync<InvalidOperationException>(sweep.RerunFailed);
    }

    private static async Task DoAsync(SqliteConnection store, string sql)
    {
        await using var command = store.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<Slice> LeaseAsync(ISweepGrain sweep)
    {
        while (true)
        {
            if (await sweep.Lease(device) is LeaseAnswer.Granted granted)
            {
                return granted.Slice;
            }
        }
    }

    /// <summary>As a runner does: stored first, then told.</summary>
    private static async Task EndAsync(TestCluster cluster, ISweepGrain sweep, Slice slice, Outcome outcome)
    {
        await cluster.Store.FinishAsync(
            new SweepId(sweep.GetPrimaryKeyString()),
            [.. slice.Cells.Select(c => c.Ended(outcome, slice.Device, DateTimeOffset.UnixEpoch))]
        );
        await sweep.Tell(
            slice.Token,
            new SliceTold([.. slice.Cells.Select(c => new CellTold.Ended(c.Index, outcome))])
        );
    }

    /// <summary>Leases and ends all that is left; returns the events after one.</summary>
    /// <param name="only">The one cell that ends so; the others complete. Null: all.</param>
    private static async Task<IReadOnlyList<EngineEvent>> ToTheEndAsync(
        TestCluster cluster,
        ISweepGrain sweep,
        EventId after,
        Outcome outcome,
        long? only = null
    )
    {
        var id = new SweepId(sweep.GetPrimaryKeyString());
        while (await sweep.Lease(device) is LeaseAnswer.Granted { Slice: var slice })
        {
            Outcome Of(Cell cell) => only is null || cell.Index == only ? outcome : new Outcome.Completed();
            await cluster.Store.FinishAsync(
                id,
                [.. slice.Cells.Select(c => c.Ended(Of(c), slice.Device, DateTimeOffset.UnixEpoch))]
            );
            await sweep.Tell(
                slice.Token,
                new SliceTold([.. slice.Cells.Select(c => new CellTold.Ended(c.Index, Of(c)))])
            );
        }

        var page = (await sweep.Events(after, Many))!;
        page.Ended.ShouldBeTrue();
        return [.. page.Events.Select(e => e.Event)];
    }
}
