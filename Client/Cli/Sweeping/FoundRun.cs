using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Sweeping;

/// <summary>A sweep found in a folder, and how far it has come.</summary>
/// <param name="Cells">Null where the plan cannot be made again (a backend is gone), or is too large to be counted.</param>
internal sealed record FoundRun(
    string Folder,
    SweepRecord Sweep,
    IReadOnlyDictionary<string, long> Outcomes,
    long? Cells,
    bool Running
)
{
    public long Finished => Outcomes.Values.Sum();

    public long Failed => Outcomes.Where(o => Outcome.Read(o.Key, reason: null).IsFailure).Sum(o => o.Value);

    /// <summary><c>running</c>, <c>complete</c>, <c>stopped</c>.</summary>
    public string State =>
        Running ? "running"
        : Cells == Finished ? "complete"
        : Cells is null ? "unknown"
        : "stopped";

    /// <summary>Folders below <paramref name="root"/>, itself included, that have a store; hidden ones are left out.</summary>
    public static IEnumerable<string> Folders(string root, int depth = 4)
    {
        if (File.Exists(Path.Combine(root, OutputFolder.StoreName)))
        {
            yield return root;
        }

        if (depth == 0)
        {
            yield break;
        }

        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };
        foreach (var folder in Directory.EnumerateDirectories(root, "*", options).Order(StringComparer.Ordinal))
        {
            foreach (var found in Folders(folder, depth - 1))
            {
                yield return found;
            }
        }
    }

    public static async Task<IReadOnlyList<FoundRun>> ReadAsync(
        string folder,
        VariantCatalog catalog,
        CancellationToken cancellation
    )
    {
        await using var store = OutputFolder.OpenForReading(folder);
        var running = OutputFolder.IsHeld(folder);
        List<FoundRun> runs = [];
        var sweeps = await store.SweepsAsync(cancellation);
        foreach (var sweep in sweeps)
        {
            var outcomes = await store.CountsAsync(sweep.Id, cancellation);
            // One process holds the folder; it runs the sweep that was started last.
            runs.Add(
                new FoundRun(
                    folder,
                    sweep,
                    outcomes,
                    Count(sweep, catalog),
                    running && sweep == sweeps.MaxBy(s => s.CreatedAt)
                )
            );
        }

        return runs;
    }

    /// <summary>Null where the plan cannot be made, or is too large to be counted.</summary>
    public static long? Count(SweepRecord sweep, VariantCatalog catalog)
    {
        var file = SweepFile.Parse(sweep.Spec, [], catalog);
        return file.Result.Spec is { } spec && file.IsValid ? SweepPlan.Create(spec, catalog).Count : null;
    }
}
