using Layerbench.Core.Quality;

namespace Layerbench.Core.Results;

/// <summary>What has been measured, to be read: a store here, or one behind a server.</summary>
public interface IResultReader
{
    /// <summary>All of them, the oldest first.</summary>
    Task<IReadOnlyList<SweepRecord>> SweepsAsync(CancellationToken cancellation = default);

    /// <summary>Null: there is no such sweep.</summary>
    Task<SweepRecord?> SweepAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>In the order in which they were recorded.</summary>
    Task<IReadOnlyList<RungDecision>> RungsAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>By launch, device and place.</summary>
    Task<IReadOnlyList<CanaryRecord>> CanariesAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>Finished cells, by plan index.</summary>
    IAsyncEnumerable<CellResult> CellsAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>
    /// Finished cells with their launches, by plan index. Of many cells it takes a fraction of what
    /// <see cref="LaunchesAsync"/> of each takes.
    /// </summary>
    IAsyncEnumerable<MeasuredCell> MeasuredAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>A cell's launches that are not superseded, by kind and number; samples by block, then position.</summary>
    Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation = default
    );

    /// <summary>How many launches of cells are kept, of both kinds, those of cells that have not ended included.</summary>
    Task<long> LaunchCountAsync(SweepId sweep, CancellationToken cancellation = default);

    Task<IReadOnlyList<Fingerprint>> FingerprintsAsync(SweepId sweep, CancellationToken cancellation = default);

    Task<IReadOnlyList<Incident>> IncidentsAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>How many cells ended in each outcome, by <see cref="Outcome.Name"/>.</summary>
    Task<IReadOnlyDictionary<string, long>> CountsAsync(SweepId sweep, CancellationToken cancellation = default);
}
