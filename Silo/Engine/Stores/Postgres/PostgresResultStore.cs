using Dapper;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores.Reading;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// The results store in a PostgreSQL database, for many processes at once. A write that has returned is committed;
/// conditions are checked in the database, under locks, so that of several writers of one launch or outcome one is first.
/// Writes of this process are committed in groups (<see cref="GroupCommit{TWrite}"/>). Tables: docs/results.md.
/// </summary>
/// <remarks>
/// While the database is down callers wait, and go on when it is back; after <c>patience</c> they get a
/// <see cref="StoreException"/>. A write whose commit was not heard of is not made twice.
/// </remarks>
public sealed class PostgresResultStore : ReadableStore, IResultStore
{
    /// <summary>For how long callers are kept waiting while the database is down, where nothing else is said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresConnections connections;
    private readonly GroupCommit<IPostgresWrite> commits;

    private PostgresResultStore(PostgresConnections connections)
        : base(new PostgresReads(connections))
    {
        this.connections = connections;
        commits = new(new PostgresGroups(connections), connections.Address.Display);
    }

    public PostgresAddress Address => connections.Address;

    /// <summary>
    /// Opens a store, and brings the database's schema <c>layerbench</c> to this build's version where it is older or not
    /// there; safe with several processes that do so at once.
    /// </summary>
    /// <param name="patience">Also for the server to start; <see cref="Patience"/> where it is null.</param>
    /// <exception cref="StoreException">
    /// The server cannot be reached or does not let the user in, the database is missing, not ours or a newer version's.
    /// </exception>
    public static async Task<PostgresResultStore> OpenAsync(
        PostgresAddress address,
        TimeSpan? patience = null,
        CancellationToken cancellation = default
    )
    {
        var database = new PostgresConnections(address, patience ?? Patience);
        try
        {
            await database.AskAsync((c, token) => PostgresSchema.ApplyAsync(c, address, token), cancellation);
            await database.AskAsync(ForgetWritersAsync, cancellation);
            return new PostgresResultStore(database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public Task SaveSweepAsync(SweepRecord sweep, CancellationToken cancellation = default) =>
        AloneAsync(c => SweepChanges.SaveAsync(c, sweep), cancellation);

    public async Task<AcceptResult> AcceptAsync(LaunchBatch batch, CancellationToken cancellation = default)
    {
        WriteRules.Check(batch);
        var write = new AcceptWrite(batch, cancellation);
        await commits.QueueAsync(write, cancellation);
        return await write.Task;
    }

    public Task<int> FinishAsync(
        SweepId sweep,
        IReadOnlyList<CellResult> cells,
        CancellationToken cancellation = default
    ) => FinishAsync(sweep, cells, epoch: null, cancellation);

    public async Task<int> FinishAsync(
        SweepId sweep,
        IReadOnlyList<CellResult> cells,
        long? epoch,
        CancellationToken cancellation = default
    )
    {
        var write = new FinishWrite(sweep, cells, epoch, cancellation);
        await commits.QueueAsync(write, cancellation);
        return await write.Task;
    }

    public Task<long> TakeEpochAsync(SweepId sweep, CancellationToken cancellation = default) =>
        AloneAsync(c => SweepChanges.TakeEpochAsync(c, sweep), cancellation);

    public Task<int> SupersedeAsync(
        SweepId sweep,
        CellId cell,
        FingerprintId keep,
        CancellationToken cancellation = default
    ) => AloneAsync(c => SweepChanges.SupersedeAsync(c, sweep, cell, keep), cancellation);

    public Task<int> ReopenAsync(
        SweepId sweep,
        IReadOnlyCollection<string> outcomes,
        CancellationToken cancellation = default
    )
    {
        WriteRules.Check(outcomes);
        return AloneAsync(c => SweepChanges.ReopenAsync(c, sweep, outcomes), cancellation);
    }

    public Task<int> ReopenUnconvergedAsync(SweepId sweep, int fewerThan, CancellationToken cancellation = default) =>
        AloneAsync(c => SweepChanges.ReopenUnconvergedAsync(c, sweep, fewerThan), cancellation);

    public Task RecordIncidentAsync(SweepId sweep, Incident incident, CancellationToken cancellation = default) =>
        BesideAsync(sweep, fingerprint: null, (c, key, _) => SideRows.AddAsync(c, key, incident), cancellation);

    public Task RecordCanariesAsync(
        SweepId sweep,
        Fingerprint fingerprint,
        IReadOnlyList<CanaryRecord> canaries,
        CancellationToken cancellation = default
    )
    {
        WriteRules.Check(fingerprint, canaries);
        return BesideAsync(
            sweep,
            fingerprint,
            (c, key, environment) => SideRows.AddAsync(c, key, environment, canaries),
            cancellation
        );
    }

    public Task RecordRungAsync(SweepId sweep, RungDecision decision, CancellationToken cancellation = default) =>
        BesideAsync(sweep, fingerprint: null, (c, key, _) => SideRows.AddAsync(c, key, decision), cancellation);

    /// <summary>Finishes the writes that are queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await commits.DisposeAsync();
        await connections.DisposeAsync();
    }

    private async Task<T> AloneAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        var write = new LoneWrite<T>(work, cancellation);
        await commits.QueueAsync(write, cancellation);
        return await write.Task;
    }

    private async Task BesideAsync(
        SweepId sweep,
        Fingerprint? fingerprint,
        Func<NpgsqlConnection, long, long, Task> work,
        CancellationToken cancellation
    )
    {
        var write = new SideWrite(sweep, fingerprint, work, cancellation);
        await commits.QueueAsync(write, cancellation);
        await write.Task;
    }

    /// <summary>Those that have not written for a week are not waiting for an answer any more.</summary>
    private static Task<int> ForgetWritersAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                "DELETE FROM writers WHERE at < now() - INTERVAL '7 days'",
                cancellationToken: cancellation
            )
        );
}
