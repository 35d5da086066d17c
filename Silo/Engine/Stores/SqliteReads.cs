using System.Data.Common;
using Dapper;
using Layerbench.Engine.Stores.Reading;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>Reads of an SQLite file.</summary>
internal sealed class SqliteReads(SqliteFile file) : IReadSource
{
    // Parameters are found by name, one after the other: more at once take longer in all.
    public int CellsAtOnce => 100;

    public string AmongCells => "IN @cells";

    public string CellsByName =>
        $"""
            (SELECT * FROM cells
              WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND cell {AmongCells}) c
            """;

    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = file.OpenForReading();
            return await read(connection);
        }
        catch (SqliteException error)
        {
            throw StorageErrors.Of(error, file.Path);
        }
    }

    public Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public async Task<bool> HasTableAsync(DbConnection connection, string table, CancellationToken cancellation) =>
        await connection.ExecuteScalarAsync<long>(
            ResultReader.Sql(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @table",
                new { table },
                cancellation
            )
        ) > 0;

    public StoreException NoValue(string? what, Exception error) => StorageErrors.NoValue(file.Path, what, error);
}
