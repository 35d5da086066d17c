using System.Collections.Concurrent;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Npgsql;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>The server stops, starts and is cut off while a store is at work.</summary>
public sealed class PostgresFaultTests : PostgresTest
{
    private protected override bool StopsServer => true;

    [Fact(Timeout = 300_000)]
    public async Task ARestartInTheMiddleLosesNothingAndDoublesNothing()
    {
        const int writers = 4;
        const int restarts = 3;
        var accepted = new ConcurrentBag<int>();
        var incidents = 0;
        using var enough = new CancellationTokenSource();
        var stores = new List<PostgresResultStore>();
        for (var n = 0; n < writers; n++)
        {
            stores.Add(await OpenAsync());
        }

        await stores[0].SaveSweepAsync(Sweep(), Token);
        // Several at once in every store, so that every kind of statement is met by a restart.
        var writing = Enumerable
            .Range(0, writers * 8)
            .Select(lane =>
                Task.Run(
                    async () =>
                    {
                        var store = stores[lane % writers];
                        for (var cell = lane; !enough.IsCancellationRequested; cell += writers * 8)
                        {
                            (await store.AcceptAsync(Batch(Launch(cell)), Token)).ShouldBe(new AcceptResult(1, 0));
                            await store.RecordIncidentAsync(Sweep().Id, Incident(cell), Token);
                            Interlocked.Increment(ref incidents);
                            (await store.FinishAsync(Sweep().Id, [Result(cell)], Token)).ShouldBe(1);
                            accepted.Add(cell);
                        }
                    },
                    Token
                )
            )
            .ToList();
        for (var n = 0; n < restarts; n++)
        {
            await MoreAsync(accepted, writing);
            Server.Restart();
        }

        await MoreAsync(accepted, writing);
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        accepted.ShouldBeUnique();
        (await stores[0].FinishedIndicesAsync(Sweep().Id, Token).ToListAsync(Token)).ShouldBe(
            accepted.Order().Select(n => (long)n)
        );
        (await AskAsync("SELECT COUNT(*) FROM layerbench.launches")).ShouldBe((long)accepted.Count);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.samples")).ShouldBe(4L * accepted.Count);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.incidents")).ShouldBe((long)incidents);
    }

    [Fact(Timeout = 120_000)]
    public async Task AWriteWhoseCommitWasNotHeardOfIsNotMadeAgainAndIsAnsweredAsItWas()
    {
        await using var proxy = new CuttingProxy(Server.Port);
        var through = new NpgsqlConnectionStringBuilder(Database) { Port = proxy.Port, SslMode = SslMode.Disable };
        var store = await OpenAsync(through.ConnectionString);
        await store.SaveSweepAsync(Sweep(), Token);

        proxy.CutAt("COMMIT");
        await store.RecordIncidentAsync(Sweep().Id, Incident(), Token);
        proxy.CutAt("COMMIT");
        (await store.AcceptAsync(Batch(Launch()), Token)).ShouldBe(new AcceptResult(1, 0));
        proxy.CutAt("COMMIT");
        (await store.FinishAsync(Sweep().Id, [Result()], Token)).ShouldBe(1);
        proxy.CutAt("COMMIT");
        (await store.TakeEpochAsync(Sweep().Id, Token)).ShouldBe(1);

        proxy.Cuts.ShouldBe(4);
        (await store.IncidentsAsync(Sweep().Id, Token)).Count.ShouldBe(1);
        (await store.LaunchesAsync(Sweep().Id, Cell(1), Token)).ShouldHaveSingleItem().ShouldBe(Launch());
        (await store.TakeEpochAsync(Sweep().Id, Token)).ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task CallersWaitWhileTheServerIsDownAndGoOnWhenItIsBack()
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        Server.Stop();

        var write = store.FinishAsync(Sweep().Id, [Result()], Token);
        var read = store.CountsAsync(Sweep().Id, Token);
        Server.Start();

        (await write).ShouldBe(1);
        (await read).Keys.ShouldBeSubsetOf(["completed"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task AServerThatStaysDownIsSaidWhenPatienceEnds()
    {
        var store = await OpenAsync(patience: TimeSpan.FromSeconds(1));
        await store.SaveSweepAsync(Sweep(), Token);
        Server.Stop();

        var write = await Should.ThrowAsync<StoreException>(() => store.FinishAsync(Sweep().Id, [Result()], Token));
        var read = await Should.ThrowAsync<StoreException>(() => store.SweepsAsync(Token));

        foreach (var error in new[] { write, read })
        {
            error.Problem.ShouldBe(StoreProblem.Unreachable);
            error.Message.ShouldStartWith($"'bench@127.0.0.1:{Server.Port}/test_1': PostgreSQL does not answer (");
            error.Message.ShouldEndWith(
                "tried for 1 s; what was stored before is kept; start the server, or correct Host and Port"
            );
        }

        Server.Start();
        (await store.FinishAsync(Sweep().Id, [Result()], Token)).ShouldBe(1);
    }

    private static async Task MoreAsync(ConcurrentBag<int> accepted, List<Task> writing)
    {
        var more = accepted.Count + 200;
        while (accepted.Count < more)
        {
            // One that failed says why.
            await Task.WhenAny([Task.Delay(10, Token), .. writing.Where(w => w.IsFaulted)]).Unwrap();
        }
    }
}
