using System.Globalization;
using Layerbench.Core;

namespace Layerbench.LocalCluster.Postgres;

/// <summary>Where PostgreSQL's own programs are; distributions keep most of them off the path.</summary>
public sealed class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    private static readonly string[] needed = ["initdb", "pg_ctl", "postgres", "psql", "createdb"];

    private readonly string folder;

    private PostgresPrograms(string folder) => this.folder = folder;

    /// <summary>What to do where they are missing.</summary>
    public const string Repair =
        "install it (Debian, Ubuntu: apt-get install --no-install-recommends postgresql), "
        + "or name a server that runs with --postgres";

    public string this[string program] => Path.Combine(folder, program);

    /// <summary>The newest version's; null: there is none.</summary>
    public static PostgresPrograms? Find() => Folders().FirstOrDefault(Has) is { } folder ? new(folder) : null;

    /// <exception cref="BadInputException">There are none.</exception>
    public static PostgresPrograms Require() =>
        Find()
        ?? throw new BadInputException(
            $"PostgreSQL's programs ({string.Join(", ", needed)}) are neither on PATH nor in {Debian}/*/bin; {Repair}"
        );

    private static bool Has(string folder) => needed.All(p => File.Exists(Path.Combine(folder, p)));

    private static IEnumerable<string> Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        var debian = Directory.Exists(Debian)
            ? Directory
                .EnumerateDirectories(Debian)
                .OrderByDescending(d =>
                    double.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0
                )
                .Select(d => Path.Combine(d, "bin"))
            : [];
        return [.. path, .. debian];
    }
}
