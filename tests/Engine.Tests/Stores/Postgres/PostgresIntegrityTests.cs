using Layerbench.Engine.Stores.Postgres;
using Npgsql;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>What a row refers to is there, and stays: the database sees to it by itself, whoever writes.</summary>
public sealed class PostgresIntegrityTests : PostgresTest
{
    [Theory]
    [InlineData(
        "INSERT INTO cells (sweep_id, cell) SELECT sweep_id + n, 'x' FROM sweeps, generate_series(0, 1) n",
        "a cell refers to a sweep that is not there"
    )]
    [InlineData(
        "INSERT INTO launches OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(l, '{\"cell_id\": 77, \"launch_id\": 9}')).* FROM launches l",
        "a launch refers to a cell that is not there"
    )]
    [InlineData(
        "INSERT INTO launches OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(l, '{\"fingerprint_id\": 77, \"number\": 9, \"launch_id\": 9}')).* FROM launches l",
        "a launch refers to a fingerprint that is not there"
    )]
    [InlineData(
        "INSERT INTO samples SELECT (jsonb_populate_record(s, '{\"launch_id\": 77}')).* FROM samples s",
        "a row of samples refers to a launch that is not there"
    )]
    [InlineData("INSERT INTO memory VALUES (77, 0, 1, '')", "a row of memory refers to a launch that is not there")]
    [InlineData(
        "INSERT INTO trainings VALUES (77, 0, 'solved', '', NULL, 1, 1, '', '')",
        "a row of trainings refers to a launch that is not there"
    )]
    [InlineData("INSERT INTO curves VALUES (77, 0, '')", "a row of curves refers to a launch that is not there")]
    [InlineData("DELETE FROM sweeps", "rows of sweeps are referred to; delete what refers to them first")]
    [InlineData("DELETE FROM fingerprints", "rows of fingerprints are referred to; delete what refers to them first")]
    [InlineData("DELETE FROM cells", "rows of cells are referred to; delete what refers to them first")]
    [InlineData("DELETE FROM launches", "rows of launches are referred to; delete what refers to them first")]
    public async Task ARowThatRefersToNothingIsRefusedAndSoIsToDeleteWhatIsReferredTo(string statement, string why)
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        await store.AcceptAsync(Batch(Launch()), Token);

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            AskAsync($"SET search_path = layerbench; {statement}")
        );

        refused.SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
        refused.MessageText.ShouldBe(why);
        (await AskAsync("SELECT COUNT(*) FROM layerbench.launches")).ShouldBe(1L);
    }

    [Fact]
    public async Task WhatNothingRefersToCanBeDeletedFromTheLeavesDown()
    {
        var store = await OpenAsync();
        await store.SaveSweepAsync(Sweep(), Token);
        await store.AcceptAsync(Batch(Launch()), Token);

        await AskAsync(
            """
            SET search_path = layerbench;
            DELETE FROM samples; DELETE FROM curves; DELETE FROM launches; DELETE FROM cells; DELETE FROM fingerprints;
            DELETE FROM sweeps
            """
        );

        (await store.SweepsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADatabaseOfVersion1IsBroughtToThisOneAndLosesNothing()
    {
        await AskAsync(
            $"""
            CREATE SCHEMA layerbench; SET search_path = layerbench;
            CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
            {Script("postgres-1.sql")};
            {Script("postgres-1-orleans.sql")};
            INSERT INTO meta (name, value) VALUES ('schema_version', '1');
            INSERT INTO sweeps (sweep, name, spec, seed, created_us, product_version) VALUES ('s', 's', '', 1, 1, '0.1.0')
            """
        );

        var store = await OpenAsync();

        (await store.SweepsAsync(Token)).Single().Id.Value.ShouldBe("s");
        (await AskAsync("SELECT value FROM layerbench.meta WHERE name = 'schema_version'")).ShouldBe("2");
        await store.SaveSweepAsync(Sweep(), Token);
        (await store.AcceptAsync(Batch(Launch()), Token)).Accepted.ShouldBe(1);
    }

    private static string Script(string name)
    {
        using var stream = typeof(PostgresResultStore).Assembly.GetManifestResourceStream(name)!;
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
