using System.Runtime.CompilerServices;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Serving;

/// <summary>All stores that are served as one; of a sweep that none has yet, nothing has been measured.</summary>
internal sealed class ServedResults(ServedStores stores, Func<IReadOnlyList<SweepRecord>> waiting) : IResultIndex
{
    public async Task<IReadOnlyList<SweepRecord>> SweepsAsync(CancellationToken cancellation = default)
    {
        var stored = (await stores.AllAsync(cancellation)).Select(s => s.Record).ToList();
        return [.. stored, .. waiting().Where(w => stored.TrueForAll(s => s.Id != w.Id))];
    }

    public async Task<SweepRecord?> SweepAsync(SweepId sweep, CancellationToken cancellation = default) =>
        (await stores.FindAsync(sweep, cancellation))?.Record ?? waiting().FirstOrDefault(w => w.Id == sweep);

    public Task<IReadOnlyList<RungDecision>> RungsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        ListAsync(sweep, (s, id) => s.RungsAsync(id, cancellation), cancellation);

    public Task<IReadOnlyList<CanaryRecord>> CanariesAsync(SweepId sweep, CancellationToken cancellation = default) =>
        ListAsync(sweep, (s, id) => s.CanariesAsync(id, cancellation), cancellation);

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation = default
    ) => ListAsync(sweep, (s, id) => s.LaunchesAsync(id, cell, cancellation), cancellation);

    public Task<IReadOnlyList<Fingerprint>> FingerprintsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => ListAsync(sweep, (s, id) => s.FingerprintsAsync(id, cancellation), cancellation);

    public Task<IReadOnlyList<Incident>> IncidentsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        ListAsync(sweep, (s, id) => s.IncidentsAsync(id, cancellation), cancellation);

    public async Task<long> LaunchCountAsync(SweepId sweep, CancellationToken cancellation = default) =>
        await stores.FindAsync(sweep, cancellation) is { } found
            ? await found.Store.LaunchCountAsync(found.Stored, cancellation)
            : 0;

    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) =>
        await stores.FindAsync(sweep, cancellation) is { } found
            ? await found.Store.CountsAsync(found.Stored, cancellation)
            : new Dictionary<string, long>();

    public async Task<IncidentPage> LatestIncidentsAsync(
        SweepId sweep,
        long? before,
        int most,
        CancellationToken cancellation = default
    ) =>
        await stores.FindAsync(sweep, cancellation) is { } found
            ? await found.Store.LatestIncidentsAsync(found.Stored, before, most, cancellation)
            : new IncidentPage([], 0);

    public IAsyncEnumerable<CellResult> CellsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        EachAsync(sweep, (s, id) => s.CellsAsync(id, cancellation), cancellation);

    public IAsyncEnumerable<MeasuredCell> MeasuredAsync(SweepId sweep, CancellationToken cancellation = default) =>
        EachAsync(sweep, (s, id) => s.MeasuredAsync(id, cancellation), cancellation);

    public IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation = default
    ) => EachAsync(sweep, (s, id) => s.MeasuredAsync(id, cells, cancellation), cancellation);

    public IAsyncEnumerable<CellEnd> CellEndsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        EachAsync(sweep, (s, id) => s.CellEndsAsync(id, cancellation), cancellation);

    private async IAsyncEnumerable<T> EachAsync<T>(
        SweepId sweep,
        Func<SqliteResultStore, SweepId, IAsyncEnumerable<T>> read,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (await stores.FindAsync(sweep, cancellation) is { } found)
        {
            await foreach (var item in read(found.Store, found.Stored))
            {
                yield return item;
            }
        }
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        SweepId sweep,
        Func<SqliteResultStore, SweepId, Task<IReadOnlyList<T>>> read,
        CancellationToken cancellation
    ) => await stores.FindAsync(sweep, cancellation) is { } found ? await read(found.Store, found.Stored) : [];
}
