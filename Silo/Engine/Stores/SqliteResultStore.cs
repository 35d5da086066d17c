using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores.Reading;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>
/// The results store in one SQLite file, in WAL mode with synchronous = FULL: a write that has returned survives
/// kill -9 and a power cut. One connection writes, in groups (<see cref="GroupCommit{TWrite}"/>); reads run beside it on
/// connections of their own. Tables: docs/results.md.
/// </summary>
/// <remarks>Times of day are kept to the microsecond, in UTC.</remarks>
public sealed class SqliteResultStore : ReadableStore, IResultStore
{
    private readonly SqliteFile file;
    private readonly SqliteWriter? writer;
    private readonly GroupCommit<ISqliteWrite>? commits;

    /// <param name="writer">Null: to read only.</param>
    private SqliteResultStore(SqliteFile file, SqliteWriter? writer)
        : base(new SqliteReads(file))
    {
        this.file = file;
        this.writer = writer;
        commits = writer is null ? null : new(new SqliteGroups(writer, file.Path), file.Path);
    }

    public string Path => file.Path;

    /// <summary>Opens a store to write and read; makes it where there is none. One process at a time: see <see cref="Output.OutputFolder"/>.</summary>
    /// <exception cref="StoreException">It is not a store, a newer version's, or cannot be written; the file is left as it was.</exception>
    public static SqliteResultStore Open(string path)
    {
        var database = new SqliteFile(System.IO.Path.GetFullPath(path));
        return Guarded(database, () => new SqliteResultStore(database, Writer(database)));
    }

    /// <summary>Opens a store to read, also while another process writes to it.</summary>
    /// <exception cref="StoreException">There is none, it is not a store, or a newer version's.</exception>
    public static SqliteResultStore OpenForReading(string path)
    {
        var database = new SqliteFile(System.IO.Path.GetFullPath(path));
        return Guarded(
            database,
            () =>
            {
                database.CheckForReading();
                return new SqliteResultStore(database, writer: null);
            }
        );
    }

    public Task SaveSweepAsync(SweepRecord sweep, CancellationToken cancellation = default) =>
        WriteAsync(w => w.SaveSweep(sweep), cancellation);

    public Task<AcceptResult> AcceptAsync(LaunchBatch batch, CancellationToken cancellation = default)
    {
        WriteRules.Check(batch);
        // Written out here, on the caller's thread: the writer's is the one that all wait for.
        var texts = batch.Launches.Select(LaunchTexts.Of).ToArray();
        var ends = CellTexts.Of(batch.Ends);
        return WriteAsync(
                w =>
                {
                    var accepted = w.Accept(batch, texts);
                    w.Finish(batch.Sweep, batch.Ends, ends, batch.Epoch);
                    return accepted;
                },
                cancellation
            )
            .CountedAsync(batch.Sweep);
    }

    public Task<int> SupersedeAsync(
        SweepId sweep,
        CellId cell,
        FingerprintId keep,
        CancellationToken cancellation = default
    ) => WriteAsync(w => w.Supersede(sweep, cell, keep), cancellation);

    public Task<int> FinishAsync(
        SweepId sweep,
        IReadOnlyList<CellResult> cells,
        CancellationToken cancellation = default
    ) => FinishAsync(sweep, cells, epoch: null, cancellation);

    public Task<int> FinishAsync(
        SweepId sweep,
        IReadOnlyList<CellResult> cells,
        long? epoch,
        CancellationToken cancellation = default
    )
    {
        var texts = CellTexts.Of(cells);
        return WriteAsync(w => w.Finish(sweep, cells, texts, epoch), cancellation);
    }

    public Task<long> TakeEpochAsync(SweepId sweep, CancellationToken cancellation = default) =>
        WriteAsync(w => w.TakeEpoch(sweep), cancellation);

    public Task RecordIncidentAsync(SweepId sweep, Incident incident, CancellationToken cancellation = default) =>
        WriteAsync(w => w.RecordIncident(sweep, incident), cancellation);

    public Task RecordCanariesAsync(
        SweepId sweep,
        Fingerprint fingerprint,
        IReadOnlyList<CanaryRecord> canaries,
        CancellationToken cancellation = default
    )
    {
        WriteRules.Check(fingerprint, canaries);
        return WriteAsync(w => w.RecordCanaries(sweep, fingerprint, canaries), cancellation);
    }

    public Task RecordRungAsync(SweepId sweep, RungDecision decision, CancellationToken cancellation = default) =>
        WriteAsync(w => w.RecordRung(sweep, decision), cancellation);

    public Task<int> ReopenAsync(
        SweepId sweep,
        IReadOnlyCollection<string> outcomes,
        CancellationToken cancellation = default
    )
    {
        WriteRules.Check(outcomes);
        return WriteAsync(w => w.Reopen(sweep, outcomes), cancellation);
    }

    public Task<int> ReopenUnconvergedAsync(SweepId sweep, int fewerThan, CancellationToken cancellation = default) =>
        WriteAsync(w => w.ReopenUnconverged(sweep, fewerThan), cancellation);

    /// <summary>
    /// Finishes the writes that are queued, then closes the file: the readers first, because the writer's connection folds
    /// the log into the file only as the last to go, and people copy the one file that they see.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        file.Close();
        if (commits is not null)
        {
            await commits.DisposeAsync();
            writer?.Dispose();
        }

        file.Close();
    }

    private async Task<T> WriteAsync<T>(Func<SqliteWriter, T> work, CancellationToken cancellation)
    {
        if (commits is null)
        {
            throw new InvalidOperationException($"'{Path}' is open for reading; open it with Open to write.");
        }

        var write = new SqliteWrite<T>(work, cancellation);
        await commits.QueueAsync(write, cancellation);
        return await write.Task;
    }

    private static SqliteWriter Writer(SqliteFile file)
    {
        var connection = file.OpenForWriting();
        try
        {
            return new SqliteWriter(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteResultStore Guarded(SqliteFile file, Func<SqliteResultStore> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.Of(error, file.Path);
        }
    }
}
