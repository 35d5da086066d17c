using System.Globalization;
using Dapper;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Brings a database to this build's schema: all of it or none, one process at a time, however many start at once.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Numbered from 1; a script that was released is never changed, the next change is the next number.</summary>
    private static readonly string[][] migrations =
    [
        ["postgres-1.sql", "postgres-1-orleans.sql"],
        ["postgres-2.sql"],
    ];

    /// <summary>"LBCH": of the lock that processes take turns by.</summary>
    private const long LockKey = 0x4c424348;

    /// <summary>The version that this build writes and knows.</summary>
    public static int Version => migrations.Length;

    /// <returns>The version that was found; 0: there was nothing.</returns>
    /// <exception cref="StoreException">The schema is another program's, or a newer version's; it is left as it was.</exception>
    public static async Task<long> ApplyAsync(
        NpgsqlConnection connection,
        PostgresAddress address,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Held until the transaction ends, also by a process that is killed.
        await RunAsync(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey})"),
            cancellation
        );
        var found = await FindAsync(connection, address);
        if (found > Version)
        {
            throw PostgresErrors.Newer(address, found, Version);
        }

        foreach (var script in migrations.Skip((int)found).SelectMany(s => s))
        {
            await RunAsync(connection, Resource(script), cancellation);
        }

        if (found < Version)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO meta (name, value) VALUES ('schema_version', @version)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                new { version = Version.ToString(CultureInfo.InvariantCulture) }
            );
        }

        await transaction.CommitAsync(cancellation);
        return found;
    }

    private static async Task<long> FindAsync(NpgsqlConnection connection, PostgresAddress address)
    {
        // CREATE … IF NOT EXISTS asks for the right to create also where there is nothing to do.
        if (
            !await connection.ExecuteScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = @name)",
                new { name = PostgresAddress.SchemaName }
            )
        )
        {
            await connection.ExecuteAsync($"CREATE SCHEMA {PostgresAddress.SchemaName}");
        }

        var tables = (
            await connection.QueryAsync<string>(
                """
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = @name AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY c.relname
                """,
                new { name = PostgresAddress.SchemaName }
            )
        ).AsList();
        if (tables.Count == 0)
        {
            await connection.ExecuteAsync("CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)");
            return 0;
        }

        var version = tables.Contains("meta") ? await VersionAsync(connection, address) : null;
        return long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw PostgresErrors.NotOurs(
                address,
                $"its schema {PostgresAddress.SchemaName} holds {string.Join(", ", tables.Take(3))} and tells no version"
            );
    }

    private static async Task<string?> VersionAsync(NpgsqlConnection connection, PostgresAddress address)
    {
        try
        {
            return await connection.ExecuteScalarAsync<string?>(
                $"SELECT value FROM {PostgresAddress.SchemaName}.meta WHERE name = 'schema_version'"
            );
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedColumn)
        {
            throw PostgresErrors.NotOurs(
                address,
                $"the table meta in its schema {PostgresAddress.SchemaName} is another program's"
            );
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The text is this build's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Resource(string name)
    {
        using var stream =
            typeof(PostgresSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded resource {name} is missing from this build.");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
