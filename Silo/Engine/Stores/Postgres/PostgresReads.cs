using System.Data;
using System.Data.Common;
using Layerbench.Engine.Stores.Reading;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Reads of a PostgreSQL database.</summary>
internal sealed class PostgresReads(PostgresConnections connections) : IReadSource
{
    public int CellsAtOnce => 10_000;

    public string AmongCells => "= ANY(@cells)";

    // LIMIT keeps the two from being joined in another order: with a plan that was made for an empty table, all cells of the
    // sweep would be read and held against the names.
    public string CellsByName =>
        """
            unnest(@cells) AS named (name)
            CROSS JOIN LATERAL (
              SELECT * FROM cells WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND cell = named.name LIMIT 1) c
            """;

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        connections.AskAsync((c, _) => read(c), cancellation);

    public Task<T> ReadByKeyAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        connections.AskByKeyAsync((c, _) => read(c), cancellation);

    public async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    /// <summary>A database is always of this build's version when it is read.</summary>
    public Task<bool> HasTableAsync(DbConnection connection, string table, CancellationToken cancellation) =>
        Task.FromResult(true);

    public StoreException NoValue(string? what, Exception error) =>
        PostgresErrors.NoValue(connections.Address, what, error);
}
