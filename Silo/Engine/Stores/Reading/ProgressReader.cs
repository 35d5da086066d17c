using System.Data.Common;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>Counts what is kept of cells: launches by kind, their fingerprint, crashes that are not forgiven.</summary>
internal sealed class ProgressReader(
    IReadSource source,
    DbConnection connection,
    SweepId sweep,
    CancellationToken cancellation
)
{
    /// <summary>Launches of all cells of the sweep that are kept.</summary>
    public Task<long> LaunchCountAsync() =>
        connection.ExecuteScalarAsync<long>(
            ResultReader.Sql(
                """
                SELECT COUNT(*) FROM launches l JOIN cells c ON c.cell_id = l.cell_id
                WHERE c.sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND l.superseded = 0
                """,
                new { sweep = sweep.Value },
                cancellation
            )
        );

    public async Task<IReadOnlyDictionary<CellId, CellProgress>> OfAsync(IReadOnlyCollection<CellId> cells)
    {
        var progress = new Dictionary<CellId, CellProgress>();
        foreach (var some in cells.Distinct().Chunk(source.CellsAtOnce))
        {
            var parameters = new { sweep = sweep.Value, cells = some.Select(c => c.Value).ToArray() };
            foreach (var row in await LaunchesAsync(parameters))
            {
                progress[new CellId(row.Cell)] = new CellProgress(
                    (int)row.Times,
                    (int)row.Memories,
                    new FingerprintId(row.Fingerprint),
                    Crashes: 0,
                    QualityLaunches: (int)row.Qualities
                );
            }

            foreach (var (cell, crashes) in await CrashesAsync(parameters))
            {
                var id = new CellId(cell);
                progress[id] = progress.GetValueOrDefault(id) with { Crashes = (int)crashes };
            }
        }

        return progress;
    }

    // Cell by cell, so that a planner has no choice but the launches' index: one without statistics of tables that were empty
    // a moment ago reads all launches of the sweep for every slice. The + 0 keeps it from looking for the greatest launch_id
    // of all.
    private Task<
        IEnumerable<(string Cell, long Times, long Memories, long Qualities, string Fingerprint)>
    > LaunchesAsync(object parameters) =>
        connection.QueryAsync<(string, long, long, long, string)>(
            ResultReader.Sql(
                $"""
                SELECT k.cell, k.times, k.memories, k.qualities, f.fingerprint
                FROM (
                  SELECT c.cell,
                    (SELECT COUNT(*) FROM launches l WHERE l.cell_id = c.cell_id AND l.superseded = 0 AND l.kind = 0) AS times,
                    (SELECT COUNT(*) FROM launches l WHERE l.cell_id = c.cell_id AND l.superseded = 0 AND l.kind = 1) AS memories,
                    (SELECT COUNT(*) FROM launches l WHERE l.cell_id = c.cell_id AND l.superseded = 0 AND l.kind = 2) AS qualities,
                    (SELECT MAX(l.launch_id + 0) FROM launches l WHERE l.cell_id = c.cell_id AND l.superseded = 0) AS latest
                  FROM {source.CellsByName}) k
                JOIN launches l ON l.launch_id = k.latest
                JOIN fingerprints f ON f.fingerprint_id = l.fingerprint_id
                """,
                parameters,
                cancellation
            )
        );

    // An error that a worker reported is an outcome, and a preemption nobody's fault: neither counts as a crash.
    private Task<IEnumerable<(string Cell, long Crashes)>> CrashesAsync(object parameters) =>
        connection.QueryAsync<(string, long)>(
            ResultReader.Sql(
                $"""
                SELECT cell, COUNT(*) FROM incidents
                WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND cell {source.AmongCells}
                  AND forgiven = 0 AND cause IN ('worker_lost', 'oom', 'timeout', 'protocol')
                GROUP BY cell
                """,
                parameters,
                cancellation
            )
        );
}
