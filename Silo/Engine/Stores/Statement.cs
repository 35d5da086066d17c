using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>A prepared statement with its parameters by place; the hot path of every write.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand command;

    /// <param name="sql">The text, with <c>$1</c>, <c>$2</c>, … for its parameters.</param>
    public Statement(SqliteConnection connection, string sql, int parameters = 0)
    {
        command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this build's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(
                new SqliteParameter
                {
                    ParameterName = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${i}"),
                    Value = DBNull.Value,
                }
            );
        }
    }

    /// <summary>Runs it; returns the rows it changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as a number, or null where there is no row.</summary>
    public long? Number(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return (long?)command.ExecuteScalar();
    }

    public SqliteDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteReader();
    }

    public void Dispose() => command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != command.Parameters.Count)
        {
            throw new ArgumentException(
                $"{values.Length} values for {command.Parameters.Count} parameters.",
                nameof(values)
            );
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
