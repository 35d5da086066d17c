using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>A store's file: checked before SQLite touches it, created, opened for writing and for reading.</summary>
internal sealed class SqliteFile(string path)
{
    /// <summary>The schema this build writes; it reads earlier ones as they are, and brings them here when it writes.</summary>
    public const int SchemaVersion = 2;

    /// <summary>"LBCH", so that another program's database is told from ours.</summary>
    private const int ApplicationId = 0x4c424348;

    private static readonly TimeSpan busyTimeout = TimeSpan.FromSeconds(10);

    public string Path { get; } = path;

    private string reading = Connect(path, SqliteOpenMode.ReadOnly);

    /// <summary>
    /// The one connection that writes. A new file gets the schema, in rollback mode, so that its version is in the file's
    /// header as soon as the file has any content; only then does it go over to WAL.
    /// </summary>
    public SqliteConnection OpenForWriting()
    {
        CheckHeader();
        var connection = new SqliteConnection(Connect(Path, SqliteOpenMode.ReadWriteCreate));
        try
        {
            connection.Open();
            CheckVersion(connection);
            if (Number(connection, "PRAGMA user_version") == 0)
            {
                Create(connection);
            }

            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            if (Number(connection, "PRAGMA user_version") == 1)
            {
                MigrateFromOne(connection);
            }

            Run(connection, Resource("sqlite-additions.sql"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="StoreException">There is no store, or not one of ours.</exception>
    public void CheckForReading()
    {
        if (!File.Exists(Path))
        {
            throw new StoreException(
                StoreProblem.Missing,
                $"'{Path}' does not exist; give the --out folder of a run, or start one with 'layerbench run'"
            );
        }

        CheckHeader();
        using var connection = OpenForReadingEvenOnReadOnlyMedia();
        CheckVersion(connection);
        if (Number(connection, "PRAGMA user_version") == 0)
        {
            throw StorageErrors.NotAStore(Path, "it is empty");
        }
    }

    /// <summary>
    /// A database in WAL mode needs files beside it even to be read. Where they cannot be made and no log is left, nobody
    /// can be writing, and SQLite may take the file as immutable (https://www.sqlite.org/wal.html#read_only_databases).
    /// </summary>
    private SqliteConnection OpenForReadingEvenOnReadOnlyMedia()
    {
        const int cannotOpen = 14;
        var connection = OpenForReading();
        try
        {
            Number(connection, "PRAGMA schema_version");
            return connection;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == cannotOpen && !File.Exists(Path + "-wal"))
        {
            connection.Dispose();
            reading = Connect(new Uri(Path).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);
            return OpenForReading();
        }
    }

    /// <summary>A pooled connection that only reads.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(reading);
        connection.Open();
        return connection;
    }

    /// <summary>Closes the pooled connections, so that the file can be moved or deleted.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(reading);
        SqliteConnection.ClearPool(connection);
    }

    private static string Connect(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            Pooling = mode == SqliteOpenMode.ReadOnly,
            // Microsoft.Data.Sqlite retries SQLITE_BUSY itself for this long.
            DefaultTimeout = (int)busyTimeout.TotalSeconds,
        }.ToString();

    /// <summary>Reads the first 100 bytes (https://www.sqlite.org/fileformat.html, 1.3), so that a foreign file stays untouched.</summary>
    private void CheckHeader()
    {
        Span<byte> header = stackalloc byte[100];
        int length;
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }
        catch (FileNotFoundException)
        {
            return;
        }

        if (length == 0)
        {
            return;
        }

        if (length < header.Length || !header.StartsWith("SQLite format 3\0"u8))
        {
            throw StorageErrors.NotAStore(Path, "it is not an SQLite database");
        }

        CheckIdentity(
            applicationId: BinaryPrimitives.ReadInt32BigEndian(header[68..]),
            version: BinaryPrimitives.ReadInt32BigEndian(header[60..])
        );
    }

    /// <summary>As <see cref="CheckHeader"/>, with what a write-ahead log may hold on top of the header.</summary>
    private void CheckVersion(SqliteConnection connection)
    {
        if (Number(connection, "SELECT COUNT(*) FROM sqlite_master") > 0)
        {
            CheckIdentity(
                (int)Number(connection, "PRAGMA application_id"),
                (int)Number(connection, "PRAGMA user_version")
            );
        }
    }

    private void CheckIdentity(int applicationId, int version)
    {
        if (applicationId != ApplicationId)
        {
            throw StorageErrors.NotAStore(Path, "it is another program's database");
        }

        if (version > SchemaVersion)
        {
            throw new StoreException(
                StoreProblem.NewerVersion,
                $"'{Path}' has store version {version}, this layerbench reads up to {SchemaVersion}; "
                    + "use the layerbench that wrote it, or choose another --out"
            );
        }
    }

    private static void Create(SqliteConnection connection)
    {
        var schema = Resource("sqlite.sql");
        Run(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {schema}\nPRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT;"
            )
        );
    }

    /// <summary>Whole or not at all. Foreign keys rest meanwhile, which SQLite allows outside a transaction only.</summary>
    private static void MigrateFromOne(SqliteConnection connection)
    {
        Run(connection, "PRAGMA foreign_keys = OFF");
        Run(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Resource("sqlite-from-1.sql")}\nPRAGMA user_version = {SchemaVersion}; COMMIT;"
            )
        );
        Run(connection, "PRAGMA foreign_keys = ON");
    }

    private static string Resource(string name)
    {
        using var stream =
            typeof(SqliteFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded resource {name} is missing from this build.");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this build's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this build's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
