namespace Layerbench.Core.Results;

/// <summary>
/// What somebody who looks on asks of results that grow: what has ended since, cells by name, incidents by page. None of
/// it takes the longer the more launches are kept.
/// </summary>
public interface IResultIndex : IResultReader
{
    /// <summary>Every finished cell, by plan index.</summary>
    IAsyncEnumerable<CellEnd> CellEndsAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>Those of these cells that are finished, in no particular order.</summary>
    IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation = default
    );

    /// <summary>The latest incidents, the last one first.</summary>
    /// <param name="before">Only those recorded before this one, see <see cref="NumberedIncident.Number"/>; null: from the last.</param>
    /// <param name="most">At least 1.</param>
    Task<IncidentPage> LatestIncidentsAsync(
        SweepId sweep,
        long? before,
        int most,
        CancellationToken cancellation = default
    );
}

/// <summary>A cell that has ended. One that was run again has another time.</summary>
public readonly record struct CellEnd(CellId Id, long Index, DateTimeOffset FinishedAt);

/// <param name="Number">In the order in which they were recorded; others may lie between two of one sweep.</param>
public sealed record NumberedIncident(long Number, Incident Incident);

/// <param name="Count">All that there are, on whatever page.</param>
public sealed record IncidentPage(IReadOnlyList<NumberedIncident> Incidents, long Count);
