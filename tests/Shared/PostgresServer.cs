using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Layerbench.Tests.Shared.PostgresServersOfTheRun))]

namespace Layerbench.Tests.Shared;

/// <summary>
/// Takes away what tests left running, as the last thing of the run. Not when the process exits: the runner calls a
/// process that takes more than 10 seconds for that a failure, and a busy disk takes longer to delete many databases.
/// </summary>
public sealed class PostgresServersOfTheRun : IAsyncDisposable
{
    public ValueTask DisposeAsync() => PostgresServer.DisposeAllAsync();
}

/// <summary>
/// A real PostgreSQL server with data of its own in a temporary folder, on a free port of loopback; gone, with its data,
/// when it is disposed or the run of the tests ends.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "bench";
    public const string Password = "s3cret pass;word";

    private static readonly Lazy<Task<PostgresServer>> shared = new(StartAsync);
    private static readonly ConcurrentDictionary<PostgresServer, bool> running = [];

    private readonly string folder;
    private int databases;

    private PostgresServer(string folder, int port)
    {
        this.folder = folder;
        Port = port;
    }

    public int Port { get; }

    private string Data => Path.Combine(folder, "data");

    /// <summary>One for all tests of this process that leave it running. Skips the test where there is no PostgreSQL.</summary>
    public static Task<PostgresServer> SharedAsync()
    {
        SkipWhereMissing();
        return shared.Value;
    }

    /// <summary>One that is the test's alone. Skips the test where there is no PostgreSQL.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        SkipWhereMissing();
        var made = Directory.CreateTempSubdirectory("layerbench-postgres-").FullName;
        var server = new PostgresServer(made, FreePort());
        running[server] = true;
        var passwords = Path.Combine(made, "password");
        await File.WriteAllTextAsync(passwords, Password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", "postgres:", made);
        }

        Server(
            "initdb",
            "-D",
            server.Data,
            "-U",
            User,
            "-A",
            "scram-sha-256",
            "--pwfile",
            passwords,
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-sync"
        );
        server.Start();
        return server;
    }

    /// <param name="user">Another than the owner, with the same password.</param>
    public string ConnectionString(string database, string user = User) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
            Password = Password,
            // Many databases, and a server that takes 100 connections.
            ConnectionIdleLifetime = 1,
            ConnectionPruningInterval = 1,
        }.ConnectionString;

    /// <summary>Makes an empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        await AskAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs statements on a connection that is closed afterwards; returns the first value they give.</summary>
    public static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>From now on the server also speaks TLS, with this certificate; who does not want it is let in as before.</summary>
    /// <param name="certificate">A file in PEM, as <paramref name="key"/>.</param>
    public async Task EncryptAsync(string certificate, string key)
    {
        foreach (var (file, name) in new[] { (certificate, "server.crt"), (key, "server.key") })
        {
            // Its own, and nobody else's to read, or the server does not take it.
            string[] owner = Environment.IsPrivilegedProcess ? ["-o", "postgres"] : [];
            Run("install", ["-m", "0600", .. owner, file, Path.Combine(Data, name)]);
        }

        await AskAsync(ConnectionString("postgres"), "ALTER SYSTEM SET ssl = on");
        Restart();
    }

    public void Start() =>
        Server(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            Data,
            "-l",
            Path.Combine(folder, "log"),
            "-o",
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        );

    /// <summary>At once, as if the machine had lost its power: what was not committed is gone.</summary>
    public void Stop() => Server("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);

    public void Restart() => Server("pg_ctl", "restart", "-w", "-m", "immediate", "-D", Data);

    public ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        Remove();
        running.TryRemove(this, out _);
        return ValueTask.CompletedTask;
    }

    public static async ValueTask DisposeAllAsync()
    {
        foreach (var server in running.Keys)
        {
            await server.DisposeAsync();
        }
    }

    private void Remove()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            Stop();
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Programs() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(d =>
                    int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                        ? version
                        : 0
                )
                .Select(d => Path.Combine(d, "bin"))
                .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : Environment
                .GetEnvironmentVariable("PATH")!
                .Split(Path.PathSeparator)
                .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));

    private static void SkipWhereMissing() =>
        Assert.SkipWhen(
            Programs() is null,
            "needs PostgreSQL's server programs (Debian, Ubuntu: apt-get install --no-install-recommends postgresql)"
        );

    /// <summary>Runs one of PostgreSQL's programs, which refuse to run as root.</summary>
    private static void Server(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs()!, program);
        if (Environment.IsPrivilegedProcess)
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    /// <summary>The server that is left running inherits no pipe of this process.</summary>
    private static void Run(string program, params string[] arguments)
    {
        var said = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(
                "sh",
                ["-c", "exec \"$@\" >\"$SAID\" 2>&1 </dev/null", "sh", program, .. arguments]
            )
            {
                WorkingDirectory = "/",
            };
            start.Environment["SAID"] = said;
            using var process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}: {File.ReadAllText(said)}"
                );
            }
        }
        finally
        {
            File.Delete(said);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
