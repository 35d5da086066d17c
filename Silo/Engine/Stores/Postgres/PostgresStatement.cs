using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

internal static class PostgresStatement
{
    /// <param name="sql">The text, with <c>$1</c>, <c>$2</c>, … for its parameters.</param>
    /// <param name="values">An array is one parameter; its type says the column's.</param>
    public static NpgsqlCommand Statement(
        this NpgsqlConnection connection,
        string sql,
        params ReadOnlySpan<object?> values
    )
    {
#pragma warning disable CA2100 // The text is this build's own.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>Runs it; returns the rows it changed.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>All rows it gives.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> row)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }
}
