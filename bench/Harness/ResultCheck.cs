using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Silo.Journals;

namespace Layerbench.Harness;

/// <summary>What a sweep's results say, held against the journals of the processes that ran it.</summary>
/// <param name="Cells">Of the sweep.</param>
/// <param name="Lost">Cells without an outcome, or completed with fewer launches than they need.</param>
/// <param name="Double">Cells with more launches that are kept than they need.</param>
/// <param name="Unexplained">Launches that no process journaled to have run: none with that device, attempt and cell had begun.</param>
/// <param name="Wasted">Times a cell was begun beyond the first: work done again because what ran it was lost.</param>
/// <param name="Unwell">Cells with another outcome than completed, e.g. poisoned: their workers were killed three times.</param>
public sealed record ResultCheck(long Cells, long Lost, long Double, long Unexplained, long Wasted, long Unwell)
{
    public bool IsGood => Lost == 0 && Double == 0 && Unexplained == 0;

    /// <param name="launches">That a completed cell has, of all kinds.</param>
    public static async Task<ResultCheck> OfAsync(ClusterHarness cluster, SweepId sweep, long cells, int launches = 1)
    {
        var lines = cluster.Journals.All().Where(l => l.Sweep == sweep.Value).ToList();
        var begun = lines
            .Where(l => l.Event == JournalEvent.Begun)
            .SelectMany(l => l.Cells.Select(c => (Cell: c, l.Device, l.Attempt, l.At)))
            .ToLookup(b => b.Cell);
        long present = 0;
        long lost = 0;
        long twice = 0;
        long unexplained = 0;
        long unwell = 0;
        await foreach (var cell in cluster.Store.CellsAsync(sweep))
        {
            present++;
            var kept = await cluster.Store.LaunchesAsync(sweep, cell.Id);
            unwell += cell.Outcome is Outcome.Completed ? 0 : 1;
            lost += cell.Outcome is Outcome.Completed && kept.Count < launches ? 1 : 0;
            twice += kept.Count > launches || kept.DistinctBy(l => (l.Kind, l.Number)).Count() < kept.Count ? 1 : 0;
            unexplained += kept.Count(l =>
                !begun[cell.Index].Any(b => b.Device == l.Device.Value && b.Attempt == l.Attempt && b.At <= l.StartedAt)
            );
        }

        return new ResultCheck(
            cells,
            lost + (cells - present),
            twice,
            unexplained,
            begun.Sum(b => b.Count() - 1L),
            unwell
        );
    }
}
