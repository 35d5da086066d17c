using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Sweeping;

/// <summary>
/// Launches of two runs' cells that were taken in turn, in a folder of their own below the second run's: the runs
/// themselves stay as they were measured. The name holds both runs, so that another comparison has another folder.
/// </summary>
internal sealed class PairedLaunches : IAsyncDisposable
{
    private const string BeforeName = "a.db";
    private const string AfterName = "b.db";

    private PairedLaunches(SqliteResultStore before, SqliteResultStore after) => (Before, After) = (before, after);

    public SqliteResultStore Before { get; }
    public SqliteResultStore After { get; }

    public static string Folder(RunStore before, RunStore after)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFullPath(before.Folder)}\n{before.Sweep.Id} {before.Sweep.CreatedAt.UtcTicks}\n{after.Sweep.Id} {after.Sweep.CreatedAt.UtcTicks}"
        );
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        return Path.Combine(after.Folder, $"beside-{hash}");
    }

    /// <summary>Null where these runs have not been measured beside each other.</summary>
    public static PairedLaunches? OpenForReading(RunStore before, RunStore after)
    {
        var folder = Folder(before, after);
        return File.Exists(Path.Combine(folder, BeforeName)) && File.Exists(Path.Combine(folder, AfterName))
            ? Open(folder, SqliteResultStore.OpenForReading)
            : null;
    }

    public static PairedLaunches Open(RunStore before, RunStore after)
    {
        var folder = Folder(before, after);
        Directory.CreateDirectory(folder);
        return Open(folder, SqliteResultStore.Open);
    }

    /// <summary>Both sides' launches of a cell; none where it has not been measured again.</summary>
    public async Task<(IReadOnlyList<LaunchRecord> Before, IReadOnlyList<LaunchRecord> After)> OfAsync(
        RunStore before,
        RunStore after,
        CellResult cell,
        CancellationToken cancellation
    ) =>
        (
            await Before.LaunchesAsync(before.Sweep.Id, cell.Id, cancellation),
            await After.LaunchesAsync(after.Sweep.Id, cell.Id, cancellation)
        );

    public async ValueTask DisposeAsync()
    {
        await Before.DisposeAsync();
        await After.DisposeAsync();
    }

    private static PairedLaunches Open(string folder, Func<string, SqliteResultStore> open) =>
        new(open(Path.Combine(folder, BeforeName)), open(Path.Combine(folder, AfterName)));
}
