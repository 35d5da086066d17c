using Layerbench.Core.Results;
using Npgsql;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>Several processes write to one database.</summary>
public sealed class PostgresWritersTests : PostgresTest
{
    private const int Writers = 8;
    private const int Cells = 200;

    [Fact(Timeout = 120_000)]
    public async Task OfEightWritersOfTheSameLaunchesAndEndsOneIsFirstEachTime()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    var store = await OpenAsync();
                    await store.SaveSweepAsync(Sweep(), Token);
                    // Each in an order of its own, many in flight.
                    return await Task.WhenAll(
                        Enumerable
                            .Range(0, Cells)
                            .Select(n => ((n * 7) + (writer * 31)) % Cells)
                            .Select(async cell =>
                                (
                                    Accepted: await store.AcceptAsync(Batch(Launch(cell)), Token),
                                    Finished: await store.FinishAsync(Sweep().Id, [Result(cell)], Token)
                                )
                            )
                    );
                })
        );

        var all = answers.SelectMany(a => a).ToList();
        all.Sum(a => a.Accepted.Accepted).ShouldBe(Cells);
        all.Sum(a => a.Accepted.Duplicates).ShouldBe((Writers - 1) * Cells);
        all.Sum(a => a.Finished).ShouldBe(Cells);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.launches")).ShouldBe((long)Cells);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.samples")).ShouldBe(4L * Cells);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.cells WHERE outcome IS NOT NULL")).ShouldBe((long)Cells);
    }

    [Fact(Timeout = 120_000)]
    public async Task LaunchesUnderTwoFingerprintsAreNotMixedByTwoWriters()
    {
        var one = await OpenAsync();
        var other = await OpenAsync();
        await one.SaveSweepAsync(Sweep(), Token);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Cells)
                .SelectMany(cell =>
                    new[]
                    {
                        AcceptedAsync(one.AcceptAsync(Batch(Launch(cell)), Token)),
                        AcceptedAsync(other.AcceptAsync(Batch(Launch(cell, number: 1, fingerprint: "bb")), Token)),
                    }
                )
        );

        answers.Count(accepted => accepted).ShouldBe(Cells);
        (
            await AskAsync(
                "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM layerbench.launches GROUP BY cell_id) of_cell"
            )
        ).ShouldBe(1L);
    }

    [Fact(Timeout = 120_000)]
    public async Task ANewEpochWaitsForAWriteOfTheOldOneThatIsOnItsWay()
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        await store.TakeEpochAsync(Sweep().Id, Token);
        await using var writing = new NpgsqlConnection(Database);
        await writing.OpenAsync(Token);
        await using var transaction = await writing.BeginTransactionAsync(Token);
        // What the store does when it accepts a write of this epoch.
        await using (var held = new NpgsqlCommand("SELECT epoch FROM layerbench.epochs FOR SHARE", writing))
        {
            (await held.ExecuteScalarAsync(Token)).ShouldBe(1L);
        }

        var taken = store.TakeEpochAsync(Sweep().Id, Token);
        await UntilAsync(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            1L
        );
        taken.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync(Token);

        (await taken).ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task OneWriteThatTheDatabaseRefusesFailsAloneAmongMany()
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        var twice = Launch(1000) with
        {
            Samples = [new Sample(0, 0, 0, 1, 1, 1, null, 0, 0), new Sample(0, 0, 1, 1, 1, 1, null, 0, 0)],
        };

        var good = Enumerable.Range(0, 50).Select(n => store.AcceptAsync(Batch(Launch(n)), Token)).ToList();
        var bad = store.AcceptAsync(Batch(twice), Token);
        good.AddRange(Enumerable.Range(50, 50).Select(n => store.AcceptAsync(Batch(Launch(n)), Token)));

        (await Should.ThrowAsync<Engine.Stores.StoreException>(() => bad)).Message.ShouldContain("refused a write");
        (await Task.WhenAll(good)).ShouldAllBe(r => r.Accepted == 1);
    }

    [Fact]
    public async Task TextsThatPostgreSqlDoesNotTakeAreKeptReadable()
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        var incident = Incident() with { Message = "a\0b", StderrTail = "half of a pair: \ud83e" };

        await store.RecordIncidentAsync(Sweep().Id, incident, Token);

        (await store.IncidentsAsync(Sweep().Id, Token)).ShouldBe([
            incident with
            {
                Message = "a␀b",
                StderrTail = "half of a pair: �",
            },
        ]);
    }

    private static async Task<bool> AcceptedAsync(Task<AcceptResult> accepting)
    {
        try
        {
            return (await accepting).Accepted == 1;
        }
        catch (InvalidOperationException mixed)
            when (mixed.Message.Contains("under another fingerprint", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private async Task UntilAsync(string sql, object expected)
    {
        while (!expected.Equals(await AskAsync(sql)))
        {
            await Task.Delay(20, Token);
        }
    }
}
