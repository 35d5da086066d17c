using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>The reading half of a results store, the same for every database.</summary>
public abstract class ReadableStore : IResultIndex
{
    private readonly ResultReader reader;

    private protected ReadableStore(IReadSource source) => reader = new ResultReader(source);

    public Task<IReadOnlyList<SweepRecord>> SweepsAsync(CancellationToken cancellation = default) =>
        reader.SweepsAsync(cancellation);

    public Task<SweepRecord?> SweepAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.SweepAsync(sweep, cancellation);

    /// <inheritdoc cref="IResultStore.FinishedIndicesAsync"/>
    public IAsyncEnumerable<long> FinishedIndicesAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.FinishedIndicesAsync(sweep, cancellation);

    /// <inheritdoc cref="IResultStore.ProgressAsync"/>
    public Task<IReadOnlyDictionary<CellId, CellProgress>> ProgressAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation = default
    ) => reader.ProgressAsync(sweep, cells, cancellation);

    public IAsyncEnumerable<CellResult> CellsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.CellsAsync(sweep, cancellation);

    public IAsyncEnumerable<MeasuredCell> MeasuredAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.MeasuredAsync(sweep, cancellation);

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation = default
    ) => reader.LaunchesAsync(sweep, cell, cancellation);

    public Task<long> LaunchCountAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.LaunchCountAsync(sweep, cancellation);

    public Task<IReadOnlyList<Fingerprint>> FingerprintsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => reader.FingerprintsAsync(sweep, cancellation);

    public Task<IReadOnlyList<CanaryRecord>> CanariesAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.CanariesAsync(sweep, cancellation);

    public Task<IReadOnlyList<RungDecision>> RungsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.RungsAsync(sweep, cancellation);

    public Task<IReadOnlyList<Incident>> IncidentsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.IncidentsAsync(sweep, cancellation);

    public IAsyncEnumerable<CellEnd> CellEndsAsync(SweepId sweep, CancellationToken cancellation = default) =>
        reader.CellEndsAsync(sweep, cancellation);

    public IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation = default
    ) => reader.MeasuredAsync(sweep, cells, cancellation);

    public Task<IncidentPage> LatestIncidentsAsync(
        SweepId sweep,
        long? before,
        int most,
        CancellationToken cancellation = default
    ) => reader.LatestIncidentsAsync(sweep, before, most, cancellation);

    public Task<IReadOnlyDictionary<string, long>> CountsAsync(
        SweepId sweep,
        CancellationToken cancellation = default
    ) => reader.CountsAsync(sweep, cancellation);
}
