using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Microsoft.Data.Sqlite;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public sealed class MigrationTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly string path;

    public MigrationTests() => path = folder.File("layerbench.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AStoreOfVersion1IsReadAsItIs()
    {
        await MakeVersion1Async();
        var before = await File.ReadAllBytesAsync(path, Token);

        await using (var reading = SqliteResultStore.OpenForReading(path))
        {
            (await reading.LaunchesAsync(Sweep().Id, Cell(1), Token)).Count.ShouldBe(2);
            (await reading.RungsAsync(Sweep().Id, Token)).ShouldBeEmpty();
        }

        (await File.ReadAllBytesAsync(path, Token)).ShouldBe(before);
    }

    [Fact]
    public async Task AStoreOfVersion1IsBroughtToVersion2WhenItIsWrittenAndLosesNothing()
    {
        await MakeVersion1Async();

        await using (var store = SqliteResultStore.Open(path))
        {
            var launches = await store.LaunchesAsync(Sweep().Id, Cell(1), Token);
            launches[0].ShouldBe(Launch() with { Curves = [] });
            launches[1].ShouldBe(Launch(kind: LaunchKind.Memory));
            await store.AcceptAsync(Batch(Launch(kind: LaunchKind.Quality)), Token);
            (await store.LaunchesAsync(Sweep().Id, Cell(1), Token))[2].Trainings.Count.ShouldBe(2);
            (await store.AcceptAsync(Batch(Launch()), Token)).Duplicates.ShouldBe(1, "a launch still lands once");
        }

        Ask("PRAGMA user_version").ShouldBe(2L);
        Ask("SELECT value FROM meta WHERE name = 'schema_version'").ShouldBe("2");
        Ask("PRAGMA foreign_key_check").ShouldBeNull();
        Ask("PRAGMA integrity_check").ShouldBe("ok");
    }

    [Fact]
    public async Task AMigratedStoreHasTheSchemaOfANewOne()
    {
        await MakeVersion1Async();
        await SqliteResultStore.Open(path).DisposeAsync();
        var migrated = Schema(path);
        var fresh = folder.File("fresh.db");
        await SqliteResultStore.Open(fresh).DisposeAsync();

        migrated.ShouldBe(Schema(fresh));
    }

    /// <summary>As version 1 wrote it: launches of two kinds only, none of the later tables.</summary>
    private async Task MakeVersion1Async()
    {
        await using (var store = SqliteResultStore.Open(path))
        {
            await store.SaveSweepAsync(Sweep(), Token);
            await store.AcceptAsync(Batch(Launch(), Launch(kind: LaunchKind.Memory)), Token);
        }

        Ask(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_master SET sql = replace(sql, 'kind IN (0, 1, 2)', 'kind IN (0, 1)') WHERE name = 'launches';
            PRAGMA writable_schema = RESET;
            DROP TABLE trainings;
            DROP TABLE curves;
            DROP TABLE rungs;
            DROP TABLE canaries;
            DROP TABLE epochs;
            UPDATE meta SET value = '1' WHERE name = 'schema_version';
            PRAGMA user_version = 1;
            """
        );
        Should
            .Throw<SqliteException>(() => Ask("UPDATE launches SET kind = 2"))
            .Message.ShouldContain("CHECK constraint failed");
    }

    private static List<string> Schema(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
        {
            // ALTER TABLE writes a renamed table's name in quotes.
            found.Add(rows.GetString(0).Replace("\"launches\"", "launches", StringComparison.Ordinal));
        }

        return found;
    }

    private object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
