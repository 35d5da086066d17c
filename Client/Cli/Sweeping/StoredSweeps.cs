using Layerbench.Core.Results;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Sweeping;

/// <summary>Finds the sweep that is meant among those a folder has.</summary>
internal static class StoredSweeps
{
    /// <summary>The folder below <paramref name="root"/> whose store was written last.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string LatestFolder(string root) =>
        (Directory.Exists(root) ? FoundRun.Folders(root) : []).MaxBy(LastWrite)
        ?? throw new BadInputException($"--resume: there is no run under '{root}'; name its folder: --resume DIR");

    /// <param name="wanted">A sweep's id, the beginning of one, or null for the one that was started last.</param>
    /// <exception cref="BadInputException">There is none, or several begin so.</exception>
    public static SweepRecord Choose(string folder, IReadOnlyList<SweepRecord> sweeps, string? wanted)
    {
        if (sweeps.Count == 0)
        {
            throw new BadInputException(
                $"'{folder}' has a store without a sweep; run one with `layerbench run FILE --out {folder}`"
            );
        }

        if (wanted is null)
        {
            return sweeps.MaxBy(s => s.CreatedAt)!;
        }

        var found = sweeps.Where(s => s.Id.Value.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        return found.Count == 1
            ? found[0]
            : throw new BadInputException(
                $"--sweep '{wanted}' is the beginning of {found.Count} sweeps of '{folder}'; it has {string.Join(", ", sweeps.Select(s => s.Id))}"
            );
    }

    /// <summary>The plug-ins of the sweep that a folder's run goes on with.</summary>
    /// <exception cref="BadInputException">There is no sweep, or a plug-in's copy is gone.</exception>
    public static async Task<PlugIns> PlugInsAsync(string folder, CancellationToken cancellation)
    {
        await using var store = OutputFolder.OpenForReading(folder);
        return PlugIns.OfRun(Choose(folder, await store.SweepsAsync(cancellation), wanted: null), folder);
    }

    // A store in WAL mode is written to the file beside it first.
    private static DateTime LastWrite(string folder) =>
        Directory.EnumerateFiles(folder, $"{OutputFolder.StoreName}*").Max(file => File.GetLastWriteTimeUtc(file));
}
