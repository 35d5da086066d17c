using Layerbench.Engine.Stores;
using Microsoft.Data.Sqlite;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

public sealed class SqliteFileTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly string path;

    public SqliteFileTests() => path = folder.File("layerbench.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AStoreFromANewerVersionIsRefusedAndLeftUntouched()
    {
        await SqliteResultStore.Open(path).DisposeAsync();
        Execute("PRAGMA user_version = 7");
        var before = await File.ReadAllBytesAsync(path, Token);

        foreach (
            var open in new Func<string, SqliteResultStore>[]
            {
                SqliteResultStore.Open,
                SqliteResultStore.OpenForReading,
            }
        )
        {
            var refusal = Should.Throw<StoreException>(() => open(path));
            refusal.Problem.ShouldBe(StoreProblem.NewerVersion);
            refusal.Message.ShouldBe(
                $"'{path}' has store version 7, this layerbench reads up to 2; use the layerbench that wrote it, or choose another --out"
            );
        }

        (await File.ReadAllBytesAsync(path, Token)).ShouldBe(before);
        Directory.GetFiles(folder.Path).ShouldBe([path]);
    }

    [Fact]
    public async Task AClosedStoreIsOneFileAlsoWhenItWasReadFromMeanwhile()
    {
        await using (var store = SqliteResultStore.Open(path))
        {
            await store.SaveSweepAsync(Sweep(), Token);
            (await store.SweepsAsync(Token)).Count.ShouldBe(1);
        }

        Directory.GetFiles(folder.Path).ShouldBe([path]);
        File.Copy(path, folder.File("copy.db"));
        await using var copy = SqliteResultStore.OpenForReading(folder.File("copy.db"));
        (await copy.SweepsAsync(Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task AStoreWithoutTheLaterTablesIsReadAsItIsAndGetsThemWhenItIsWritten()
    {
        await SqliteResultStore.Open(path).DisposeAsync();
        Execute("DROP TABLE canaries");

        await using (var reading = SqliteResultStore.OpenForReading(path))
        {
            (await reading.CanariesAsync(Sweep().Id, Token)).ShouldBeEmpty();
        }

        await using var store = SqliteResultStore.Open(path);
        await store.SaveSweepAsync(Sweep(), Token);
        await store.RecordCanariesAsync(Sweep().Id, Fingerprint(), [], Token);
        (await store.CanariesAsync(Sweep().Id, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cell,time\n1,2\n")]
    [InlineData("SQLite format 3")]
    public async Task AFileThatIsNoDatabaseIsRefusedAndLeftUntouched(string content)
    {
        await File.WriteAllTextAsync(path, content, Token);

        var refusal = Should.Throw<StoreException>(() => SqliteResultStore.Open(path));

        refusal.Problem.ShouldBe(StoreProblem.NotAStore);
        refusal.Message.ShouldBe(
            $"'{path}' is not a layerbench store: it is not an SQLite database; move it away or choose another --out"
        );
        (await File.ReadAllTextAsync(path, Token)).ShouldBe(content);
        Directory.GetFiles(folder.Path).ShouldBe([path]);
    }

    [Fact]
    public async Task AnotherProgramsDatabaseIsRefusedAndLeftUntouched()
    {
        Execute("CREATE TABLE cells (a)");
        var before = await File.ReadAllBytesAsync(path, Token);

        var refusal = Should.Throw<StoreException>(() => SqliteResultStore.Open(path));

        refusal.Problem.ShouldBe(StoreProblem.NotAStore);
        refusal.Message.ShouldBe(
            $"'{path}' is not a layerbench store: it is another program's database; move it away or choose another --out"
        );
        (await File.ReadAllBytesAsync(path, Token)).ShouldBe(before);
    }

    [Fact]
    public async Task ADamagedStoreIsSaid()
    {
        await using (var store = SqliteResultStore.Open(path))
        {
            await store.SaveSweepAsync(Sweep(), Token);
        }

        // The header stays, every page behind it goes.
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes.AsSpan(100).Fill(0xa5);
        await File.WriteAllBytesAsync(path, bytes, Token);

        var damage = Should.Throw<StoreException>(() => SqliteResultStore.Open(path));

        damage.Problem.ShouldBe(StoreProblem.Corrupt);
        damage.Message.ShouldStartWith($"'{path}' is damaged (");
        damage.Message.ShouldEndWith("); restore it from a copy, or move it away to start anew");
    }

    [Fact]
    public async Task AnEmptyFileBecomesAStore()
    {
        await File.WriteAllBytesAsync(path, [], Token);

        await using var store = SqliteResultStore.Open(path);

        (await store.SweepsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public void AFolderThatDoesNotExistIsSaid()
    {
        var missing = Path.Combine(folder.Path, "nowhere", "layerbench.db");

        Should
            .Throw<StoreException>(() => SqliteResultStore.OpenForReading(missing))
            .Message.ShouldBe(
                $"'{missing}' does not exist; give the --out folder of a run, or start one with 'layerbench run'"
            );
    }

    [Fact]
    public async Task AStoreIsReadWhileAnotherConnectionWritesAndAfterItHasClosed()
    {
        await using (var writing = SqliteResultStore.Open(path))
        {
            await writing.SaveSweepAsync(Sweep(), Token);
            await using var reading = SqliteResultStore.OpenForReading(path);
            (await reading.SweepsAsync(Token)).ShouldBe([Sweep()]);
            await writing.SaveSweepAsync(Sweep("another") with { CreatedAt = Noon.AddDays(1) }, Token);
            (await reading.SweepsAsync(Token)).Count.ShouldBe(2);
        }

        await using var afterwards = SqliteResultStore.OpenForReading(path);
        (await afterwards.SweepsAsync(Token)).Count.ShouldBe(2);
        await Should.ThrowAsync<InvalidOperationException>(() => afterwards.SaveSweepAsync(Sweep(), Token));
    }

    [Fact]
    public async Task EveryWriteReachesTheDiskAndLinksAreChecked()
    {
        var file = new SqliteFile(path);
        await using var connection = file.OpenForWriting();

        Ask(connection, "PRAGMA journal_mode").ShouldBe("wal");
        Ask(connection, "PRAGMA synchronous").ShouldBe(2L); // FULL
        Ask(connection, "PRAGMA foreign_keys").ShouldBe(1L);
        Ask(connection, "PRAGMA user_version").ShouldBe(2L);
        Ask(connection, "SELECT value FROM meta WHERE name = 'schema_version'").ShouldBe("2");
    }

    [Fact]
    public async Task QueuedWritesAreFinishedWhenTheStoreIsClosedAndLaterOnesRefused()
    {
        var store = SqliteResultStore.Open(path);
        var saved = store.SaveSweepAsync(Sweep(), Token);
        var accepted = Enumerable.Range(0, 200).Select(n => store.AcceptAsync(Batch(Launch(n)), Token)).ToList();

        await store.DisposeAsync();

        await saved;
        (await Task.WhenAll(accepted)).Sum(a => a.Accepted).ShouldBe(200);
        await Should.ThrowAsync<ObjectDisposedException>(() => store.SaveSweepAsync(Sweep(), Token));
        Directory.GetFiles(folder.Path).ShouldBe([path]);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Ask(connection, sql);
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
