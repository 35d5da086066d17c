using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Says what PostgreSQL and the network report in the user's words.</summary>
internal static class PostgresErrors
{
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private const string InvalidAuthorization = "28000";
    private const string InvalidPassword = "28P01";
    private const string InvalidCatalogName = "3D000";
    private const string InsufficientPrivilege = "42501";
    private const string DiskFull = "53100";
    private const string ReadOnlyTransaction = "25006";
    private const string AdminShutdown = "57P01";
    private const string CrashShutdown = "57P02";
    private const string CannotConnectNow = "57P03";
    private const string IdleInTransaction = "25P03";
    private const string Deadlock = "40P01";

    /// <summary>
    /// Whether doing it again can help: the connection broke, the server starts, stops or is full of connections, another
    /// transaction stood in the way. A full disk is told at once.
    /// </summary>
    public static bool IsTransient(Exception error) =>
        error switch
        {
            PostgresException { SqlState: DiskFull } => false,
            PostgresException
            {
                SqlState: AdminShutdown or CrashShutdown or CannotConnectNow or IdleInTransaction or Deadlock
            } => true,
            NpgsqlException npgsql => npgsql.IsTransient,
            TimeoutException or IOException or SocketException => true,
            _ => false,
        };

    public static Exception Of(Exception error, PostgresAddress address, TimeSpan patience) =>
        error switch
        {
            PostgresException postgres when !IsTransient(error) => Of(postgres, address),
            _ when IsTransient(error) => new StoreException(
                StoreProblem.Unreachable,
                $"'{address}': PostgreSQL does not answer ({Reason(error)}), tried for {patience.TotalSeconds:0.#} s; what "
                    + "was stored before is kept; start the server, or correct Host and Port",
                error
            ),
            NpgsqlException { InnerException: AuthenticationException tls } => new StoreException(
                StoreProblem.Misconfigured,
                $"'{address}': no encrypted connection ({tls.Message}); correct SSL Mode or Root Certificate in the connection string",
                error
            ),
            NpgsqlException when NoPassword(error) => new StoreException(
                StoreProblem.Denied,
                $"'{address}': the server asks user '{address.User}' for a password and none was given; set PGPASSWORD, or "
                    + "name a password file",
                error
            ),
            NpgsqlException => new StoreException(
                StoreProblem.NotAStore,
                $"'{address}' does not answer as PostgreSQL does ({Reason(error)}); correct Host and Port",
                error
            ),
            _ => error,
        };

    public static StoreException NotOurs(PostgresAddress address, string why) =>
        new(
            StoreProblem.NotAStore,
            $"'{address}' is no layerbench store: {why}; give another Database, or rename that schema"
        );

    public static StoreException Newer(PostgresAddress address, long version, int known) =>
        new(
            StoreProblem.NewerVersion,
            $"'{address}' has store version {version}, this layerbench knows up to {known}; use the layerbench that wrote "
                + "it, or give another Database"
        );

    public static StoreException NoValue(PostgresAddress address, string? what, Exception error) =>
        new(
            StoreProblem.Corrupt,
            $"'{address}' holds a value that cannot be one{(what is null ? "" : $" in {what}")} ({error.Message}); restore "
                + "the database from a copy",
            error
        );

    private static StoreException Of(PostgresException error, PostgresAddress address) =>
        error.SqlState switch
        {
            InvalidPassword => new(
                StoreProblem.Denied,
                $"'{address}': the password of user '{address.User}' is refused; correct it in PGPASSWORD, the password file "
                    + "or the connection string",
                error
            ),
            InvalidAuthorization => new(
                StoreProblem.Denied,
                $"'{address}': the server does not let user '{address.User}' in ({error.MessageText}); correct Username, or "
                    + "let the user in (CREATE ROLE, pg_hba.conf)",
                error
            ),
            InvalidCatalogName => new(
                StoreProblem.Missing,
                $"'{address}': there is no database '{address.Database}'; correct Database, or make it: createdb "
                    + address.Database,
                error
            ),
            InsufficientPrivilege => new(
                StoreProblem.Denied,
                $"'{address}': user '{address.User}' lacks a right ({error.MessageText}); as the database's owner: GRANT "
                    + $"CREATE ON DATABASE \"{address.Database}\" TO \"{address.User}\", and ALTER SCHEMA "
                    + $"{PostgresAddress.SchemaName} OWNER TO \"{address.User}\" where there is one",
                error
            ),
            ReadOnlyTransaction => new(
                StoreProblem.ReadOnly,
                $"'{address}' cannot be written: it is a standby, or set to read only; give the primary's Host",
                error
            ),
            DiskFull => new(
                StoreProblem.Full,
                $"'{address}': the server's disk is full; what was stored before is kept; free some space there",
                error
            ),
            ['2', '2' or '3', ..] => new(
                StoreProblem.Refused,
                $"'{address}' refused a write: {error.MessageText}",
                error
            ),
            ['X', 'X', ..] => new(
                StoreProblem.Corrupt,
                $"'{address}' is damaged ({error.MessageText}); restore the database from a copy",
                error
            ),
            _ => new(
                StoreProblem.Failed,
                $"'{address}': PostgreSQL error {error.SqlState}: {error.MessageText}",
                error
            ),
        };

    // Npgsql has no type of its own for it.
    private static bool NoPassword(Exception error) =>
        error.Message.Contains("No password has been provided", StringComparison.Ordinal);

    private static string Reason(Exception error) =>
        error is PostgresException postgres ? postgres.MessageText
        : error.InnerException is { } inner ? inner.Message
        : error.Message;
}
