using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Sweeping;

/// <summary>Finds the sweep that is meant among those a folder has.</summary>
internal static class StoredSweeps
{
    /// <summary>Where runs go if nothing else is said.</summary>
    public const string Root = "results";

    /// <summary>The folder below <paramref name="root"/> whose store was written last.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string LatestFolder(string root) =>
        (Directory.Exists(root) ? FoundRun.Folders(root) : []).MaxBy(LastWrite)
        ?? throw new BadInputException($"--resume: there is no run under '{root}'; name its folder: --resume DIR");

    /// <summary>A run's folder, or a sweep among the runs under <see cref="Root"/>.</summary>
    /// <param name="given">The folder, or the sweep as <see cref="SweepNames"/> has it.</param>
    /// <returns>The folder, and the sweep in it where that was given.</returns>
    /// <exception cref="BadInputException">There is none, or it may be several.</exception>
    public static async Task<(string Folder, string? Sweep)> FindAsync(string given, CancellationToken cancellation)
    {
        if (Directory.Exists(given) || given.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return (given, null);
        }

        List<(string Folder, SweepRecord Sweep)> all = [];
        foreach (var folder in Directory.Exists(Root) ? FoundRun.Folders(Root) : [])
        {
            try
            {
                await using var store = OutputFolder.OpenForReading(folder);
                all.AddRange((await store.SweepsAsync(cancellation)).Select(s => (folder, s)));
            }
            catch (StoreException)
            {
                // None of ours, or of a newer version; `layerbench runs` says so.
            }
        }

        var found = SweepNames.Meant(given, all, s => s.Sweep.Id, s => s.Sweep.Name);
        return found.Count switch
        {
            1 => (found[0].Folder, found[0].Sweep.Id.Value),
            0 => throw new BadInputException(
                $"'{given}' is neither a run's folder nor a sweep under '{Root}', which `layerbench runs` lists; a sweep on a server takes --server URL"
            ),
            _ => throw new BadInputException(
                $"'{given}' may be {string.Join(" or ", found.Select(f => $"{f.Sweep.Id} in '{f.Folder}'"))}; give the folder, or more of its id"
            ),
        };
    }

    /// <param name="wanted">A sweep as <see cref="SweepNames"/> has it, or null for the one that was started last.</param>
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

        var found = SweepNames.Meant(wanted, sweeps, s => s.Id, s => s.Name);
        return found.Count == 1
            ? found[0]
            : throw new BadInputException(
                found.Count == 0
                    ? $"--sweep '{wanted}' is no sweep of '{folder}'; it has {string.Join(", ", sweeps.Select(s => s.Id))}"
                    : $"--sweep '{wanted}' may be {string.Join(" or ", found.Select(s => s.Id))}; give more of its id"
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
