using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Serving;

/// <summary>A sweep of a store of this machine.</summary>
/// <param name="Record">With the id under which it is served.</param>
/// <param name="Stored">Its id in the store.</param>
internal sealed record ServedSweep(SweepRecord Record, SweepId Stored, string Folder, SqliteResultStore Store);

/// <summary>
/// The stores under some folders, found again as they come and go. Two that hold the same sweep are served apart: the
/// second, by the name of its folder, as <c>ID~2</c>.
/// </summary>
internal sealed class ServedStores(IReadOnlyList<string> roots, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SqliteResultStore> open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private IReadOnlyList<ServedSweep> found = [];
    private long? lookedAt;

    /// <summary>By folder, then in the order in which they were begun.</summary>
    public async Task<IReadOnlyList<ServedSweep>> AllAsync(CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            if (lookedAt is not { } at || time.GetElapsedTime(at) >= lookAgain)
            {
                found = await LookAsync(cancellation);
                lookedAt = time.GetTimestamp();
            }

            return found;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public async Task<ServedSweep?> FindAsync(SweepId id, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).FirstOrDefault(s => s.Record.Id == id);

    /// <summary>The next question looks at the folders again.</summary>
    public void Changed() => lookedAt = null;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in open.Values)
        {
            await store.DisposeAsync();
        }

        oneAtATime.Dispose();
    }

    private async Task<IReadOnlyList<ServedSweep>> LookAsync(CancellationToken cancellation)
    {
        var folders = roots
            .Where(Directory.Exists)
            .SelectMany(r => FoundRun.Folders(r))
            .Select(Path.GetFullPath)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        List<ServedSweep> sweeps = [];
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            try
            {
                if (!open.TryGetValue(folder, out var store))
                {
                    open[folder] = store = OutputFolder.OpenForReading(folder);
                }

                foreach (var record in await store.SweepsAsync(cancellation))
                {
                    var nth = times[record.Id.Value] = times.GetValueOrDefault(record.Id.Value) + 1;
                    var id = nth == 1 ? record.Id : new SweepId($"{record.Id}~{nth}");
                    sweeps.Add(new ServedSweep(record with { Id = id }, record.Id, folder, store));
                }
            }
            catch (StoreException)
            {
                // A folder that is being made or removed, or none of ours; `layerbench runs` says what is wrong with it.
                if (open.Remove(folder, out var broken))
                {
                    await broken.DisposeAsync();
                }
            }
        }

        foreach (var gone in open.Keys.Except(folders, StringComparer.Ordinal).ToList())
        {
            await open[gone].DisposeAsync();
            open.Remove(gone);
        }

        return sweeps;
    }
}
