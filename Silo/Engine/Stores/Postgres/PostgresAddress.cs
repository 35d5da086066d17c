using System.Globalization;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Where a PostgreSQL database is and who asks: a connection string, checked, with what this product needs of a
/// connection. Everything of this product is in the database's schema <see cref="SchemaName"/>.
/// </summary>
public sealed class PostgresAddress
{
    public const string SchemaName = "layerbench";

    private PostgresAddress(string connectionString, string display)
    {
        ConnectionString = connectionString;
        Display = display;
    }

    /// <summary>For Npgsql, the password in it.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// For statements that find every row by its key. Without statistics (of tables that were empty a moment ago) the planner
    /// would read a whole table for them, and a prepared statement keeps such a plan while the table grows.
    /// </summary>
    internal string KeyedConnectionString =>
        new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Options =
                new NpgsqlConnectionStringBuilder(ConnectionString).Options
                + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off",
        }.ConnectionString;

    /// <summary>User, server and database, without the password: <c>bench@db:5432/layerbench</c>.</summary>
    public string Display { get; }

    internal string User { get; private init; } = "";
    internal string Database { get; private init; } = "";

    /// <param name="text">
    /// Key=value pairs, e.g. <c>Host=db;Database=layerbench;Username=bench</c>. What is not given Npgsql takes from PGUSER,
    /// PGPASSWORD, PGPASSFILE and the like.
    /// </param>
    /// <param name="passwordFile">A file whose first line is the password; null or empty: none.</param>
    /// <exception cref="StoreException">The text is no connection string, names no host, or the file cannot be read.</exception>
    public static PostgresAddress Parse(string text, string? passwordFile = null)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            // The text itself is not repeated: it may hold the password.
            throw Wrong($"is no connection string ({error.Message})", error);
        }

        if (string.IsNullOrWhiteSpace(builder.Host))
        {
            throw Wrong("names no server; give its Host", inner: null);
        }

        if (!string.IsNullOrEmpty(passwordFile))
        {
            builder.Password = Password(passwordFile);
        }

        builder.SearchPath = SchemaName;
        builder.Timezone = "UTC";
        builder.ApplicationName ??= "layerbench";
        // A server, or seen from there a client, that is gone without a word is noticed by these, not by the tens of minutes
        // that TCP takes; what a lost client had locked is free again then.
        builder.Options =
            "-c idle_in_transaction_session_timeout=15s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 "
            + "-c tcp_keepalives_count=2 -c jit=off "
            + builder.Options;
        // Nothing of ours outlives its transaction, so there is nothing to undo between two users of a connection.
        builder.NoResetOnClose = true;
        var unset = new NpgsqlConnectionStringBuilder();
        builder.Timeout = builder.Timeout == unset.Timeout ? 5 : builder.Timeout;
        builder.CommandTimeout = builder.CommandTimeout == unset.CommandTimeout ? 20 : builder.CommandTimeout;
        builder.KeepAlive = builder.KeepAlive == unset.KeepAlive ? 10 : builder.KeepAlive;
        builder.MaxAutoPrepare = builder.MaxAutoPrepare == unset.MaxAutoPrepare ? 64 : builder.MaxAutoPrepare;
        var user = builder.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;
        var database = builder.Database ?? Environment.GetEnvironmentVariable("PGDATABASE") ?? user;
        return new PostgresAddress(
            builder.ConnectionString,
            string.Create(CultureInfo.InvariantCulture, $"{user}@{builder.Host}:{builder.Port}/{database}")
        )
        {
            User = user,
            Database = database,
        };
    }

    /// <inheritdoc cref="Display"/>
    public override string ToString() => Display;

    private static string Password(string file)
    {
        try
        {
            using var text = new StreamReader(file);
            return text.ReadLine() ?? throw Empty(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                StoreProblem.Misconfigured,
                $"the password file '{file}' cannot be read ({error.Message}); give a file that holds PostgreSQL's password",
                error
            );
        }
    }

    private static StoreException Empty(string file) =>
        new(
            StoreProblem.Misconfigured,
            $"the password file '{file}' is empty; write PostgreSQL's password on its first line"
        );

    private static StoreException Wrong(string why, Exception? inner) =>
        new(
            StoreProblem.Misconfigured,
            $"the connection string of PostgreSQL {why}; give e.g. Host=db;Port=5432;Database=layerbench;Username=layerbench",
            inner
        );
}
