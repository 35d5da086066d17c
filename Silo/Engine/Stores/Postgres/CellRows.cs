using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Writes rows of cells and how they end, in one statement each.</summary>
internal static class CellRows
{
    /// <summary>Makes rows, in this order; the keys of those that were not there. One that another transaction is making is waited for.</summary>
    public static async Task<List<((long Sweep, string Cell) At, long Key)>> AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(long Sweep, string Cell, EndingCell? End)> cells
    )
    {
        var ends = cells.Select(c => c.End).ToList();
        return await connection
            .Statement(
                """
                INSERT INTO cells (sweep_id, cell, cell_index, point, labels, baseline, outcome, reason, device, finished_us)
                SELECT sweep_id, cell, cell_index, point, labels, baseline, outcome, reason, device, finished_us
                FROM unnest($9, $10, $1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY
                  AS e (sweep_id, cell, cell_index, point, labels, baseline, outcome, reason, device, finished_us, place)
                ORDER BY place
                ON CONFLICT DO NOTHING RETURNING sweep_id, cell, cell_id
                """,
                [.. Columns(ends), cells.Select(c => c.Sweep).ToArray(), cells.Select(c => c.Cell).ToArray()]
            )
            .RowsAsync(r => ((r.GetInt64(0), r.GetString(1)), r.GetInt64(2)));
    }

    /// <summary>Writes how cells end that are there and locked.</summary>
    public static async Task EndAsync(NpgsqlConnection connection, IReadOnlyList<(long Key, EndingCell End)> cells)
    {
        var written = await connection
            .Statement(
                """
                UPDATE cells c
                SET cell_index = e.cell_index, point = e.point, labels = e.labels, baseline = e.baseline,
                  outcome = e.outcome, reason = e.reason, device = e.device, finished_us = e.finished_us
                FROM unnest($9, $1, $2, $3, $4, $5, $6, $7, $8)
                  AS e (cell_id, cell_index, point, labels, baseline, outcome, reason, device, finished_us)
                WHERE c.cell_id = e.cell_id AND c.outcome IS NULL
                """,
                [.. Columns([.. cells.Select(c => c.End)]), cells.Select(c => c.Key).ToArray()]
            )
            .RunAsync();
        if (written != cells.Count)
        {
            throw new InvalidOperationException(
                $"{cells.Count - written} of {cells.Count} cells ended elsewhere although their rows were locked."
            );
        }
    }

    /// <summary>What an end says, column by column; nulls where there is none.</summary>
    private static object[] Columns(IReadOnlyList<EndingCell?> ends) =>
        [
            ends.Select(e => e?.Result.Index).ToArray(),
            ends.Select(e => PostgresText.OrNull(e?.Texts.Point)).ToArray(),
            ends.Select(e => PostgresText.OrNull(e?.Texts.Labels)).ToArray(),
            ends.Select(e => PostgresText.OrNull(e?.Result.Baseline)).ToArray(),
            ends.Select(e => e?.Result.Outcome.Name).ToArray(),
            ends.Select(e => PostgresText.OrNull(e?.Result.Outcome.Explanation)).ToArray(),
            ends.Select(e => e?.Result.Device?.Value).ToArray(),
            ends.Select(e => e is null ? (long?)null : StoreText.Microseconds(e.Result.FinishedAt)).ToArray(),
        ];
}
