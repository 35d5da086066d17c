using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.LocalCluster.Processes;

namespace Layerbench.LocalCluster.Postgres;

/// <summary>
/// A PostgreSQL server of our own: its data in a folder, reached by a unix socket that only its user and root may use, so
/// that it needs neither a port nor a password. It refuses to run as root, and is root's user <c>postgres</c> then.
/// </summary>
/// <param name="folder">Of its data, log and socket; absolute.</param>
/// <param name="address">An address to listen on as well, e.g. of a bridge between network namespaces; null: the socket alone. Whoever can reach it needs no password.</param>
public sealed class PostgresFolder(string folder, PostgresPrograms programs, string? address = null)
{
    public const string Database = "layerbench";

    private const string User = "layerbench";
    private const string SystemUser = "postgres";

    /// <summary>sun_path of unix(7), with its final 0.</summary>
    private const int LongestSocket = 107;

    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    private string Data => Path.Combine(folder, "data");

    /// <summary>What the server says.</summary>
    public string Log => Path.Combine(folder, "postgresql.log");

    /// <summary>Npgsql's connection string over the socket.</summary>
    public string ConnectionString => $"Host={SocketFolder};Username={User};Database={Database}";

    /// <summary>The same over TCP, where it listens on an address as well.</summary>
    public string RemoteConnectionString => $"Host={address};Username={User};Database={Database}";

    /// <summary>Its main process; null where it does not run.</summary>
    public ProcessMark? Process
    {
        get
        {
            var file = Path.Combine(Data, "postmaster.pid");
            try
            {
                return
                    int.TryParse(File.ReadLines(file).First(), CultureInfo.InvariantCulture, out var id)
                    && ProcessMark.Of(id) is { } mark
                    && IsOurs(id)
                    ? mark
                    : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    private string OwnSocketFolder => Path.Combine(folder, "socket");

    private string SocketFolder
    {
        get
        {
            if (Encoding.UTF8.GetByteCount(OwnSocketFolder) + "/.s.PGSQL.5432".Length <= LongestSocket)
            {
                return OwnSocketFolder;
            }

            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)).AsSpan(0, 8));
            return Path.Combine(Path.GetTempPath(), $"layerbench-postgres-{hash}");
        }
    }

    /// <summary>Makes the server if it is not there, and starts it if it does not run.</summary>
    /// <exception cref="BadInputException">It could not be; the message has PostgreSQL's own words.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (Process is not null)
        {
            return;
        }

        if (!File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            await CreateAsync(cancellation);
        }

        Directory.CreateDirectory(SocketFolder);
        await OwnAsync(SocketFolder, cancellation);
        await ControlAsync(cancellation, "start", "-w", "-l", Log, "-t", Seconds);
        await CreateDatabaseAsync(cancellation);
    }

    /// <summary>Ends sessions, writes a checkpoint and stops.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (Process is not null)
        {
            await ControlAsync(cancellation, "stop", "-m", "fast", "-w", "-t", Seconds);
        }
    }

    /// <summary>Removes what of it is not in its folder; it is to be stopped before.</summary>
    public void Remove()
    {
        if (SocketFolder != OwnSocketFolder && Directory.Exists(SocketFolder))
        {
            Directory.Delete(SocketFolder, recursive: true);
        }
    }

    /// <summary>Stops without a checkpoint, as if the power had failed, and starts again, which recovers from the log.</summary>
    public Task CrashAndStartAsync(CancellationToken cancellation = default) =>
        ControlAsync(cancellation, "restart", "-m", "immediate", "-w", "-l", Log, "-t", Seconds);

    private static string Seconds => patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private async Task CreateAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await OwnAsync(folder, cancellation);
        if (Environment.IsPrivilegedProcess)
        {
            await CheckReachableAsync(cancellation);
        }

        await RunAsync(
            cancellation,
            programs["initdb"],
            "-D",
            Data,
            "-U",
            User,
            "-E",
            "UTF8",
            "--locale=C",
            "--auth-local=trust",
            $"--auth-host={(address is null ? "reject" : "trust")}"
        );
        var access = address is null ? "" : "host all all samenet trust\n";
        await File.AppendAllTextAsync(Path.Combine(Data, "pg_hba.conf"), access, cancellation);
        await File.AppendAllTextAsync(
            Path.Combine(Data, "postgresql.conf"),
            $"""

            # layerbench
            listen_addresses = '{address}'
            unix_socket_directories = '{SocketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 300
            """,
            cancellation
        );
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellation)
    {
        var known = await RunAsync(
            cancellation,
            programs["psql"],
            "-h",
            SocketFolder,
            "-U",
            User,
            "-d",
            "postgres",
            "-Atc",
            $"SELECT count(*) FROM pg_database WHERE datname = '{Database}'"
        );
        if (known.Trim() == "0")
        {
            await RunAsync(cancellation, programs["createdb"], "-h", SocketFolder, "-U", User, Database);
        }
    }

    /// <summary>An id in a file that outlived its server may be another program's by now.</summary>
    private bool IsOurs(int id)
    {
        try
        {
            var command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
            return command.Contains(Data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Task<string> ControlAsync(CancellationToken cancellation, params string[] arguments) =>
        RunAsync(cancellation, [programs["pg_ctl"], "-D", Data, .. arguments]);

    private async Task OwnAsync(string what, CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.RunAsync(["chown", SystemUser, what], cancellation);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(what, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task CheckReachableAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync(cancellation, "test", "-w", folder);
        }
        catch (BadInputException e)
        {
            throw new BadInputException(
                $"'{folder}' cannot be entered by the user {SystemUser}, as which PostgreSQL runs because it refuses to run "
                    + "as root; choose a --dir whose parents everybody may enter, e.g. /var/lib/layerbench/cluster",
                e
            );
        }
    }

    private static Task<string> RunAsync(CancellationToken cancellation, params string[] command) =>
        Tool.RunAsync(
            Environment.IsPrivilegedProcess ? ["runuser", "-u", SystemUser, "--", .. command] : command,
            cancellation
        );
}
