using Layerbench.Core;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>A cell's row, which no other transaction changes until this one ends.</summary>
internal sealed class LockedCell(long key, bool finished, bool isNew)
{
    public long Key { get; } = key;

    /// <summary>It has its outcome, or gets it in this transaction.</summary>
    public bool Finished { get; set; } = finished;

    /// <summary>Made by this transaction, so nothing is kept of it yet.</summary>
    public bool IsNew { get; } = isNew;
}

/// <summary>
/// The rows of cells that a transaction writes to, made where there are none, and locked: all at once and in one order, so
/// that no two writers wait for each other in a ring.
/// </summary>
internal sealed class LockedCells
{
    private readonly NpgsqlConnection connection;
    private readonly Dictionary<(long Sweep, string Cell), LockedCell> cells = [];

    private LockedCells(NpgsqlConnection connection) => this.connection = connection;

    public LockedCell this[long sweep, CellId cell] => cells[(sweep, cell.Value)];

    public static async Task<LockedCells> LockAsync(
        NpgsqlConnection connection,
        IEnumerable<(long Sweep, CellId Cell)> wanted
    )
    {
        var locked = new LockedCells(connection);
        List<(long Sweep, string Cell)> missing =
        [
            .. wanted
                .Select(w => (w.Sweep, Cell: w.Cell.Value))
                .Distinct()
                .OrderBy(w => w.Sweep)
                .ThenBy(w => w.Cell, StringComparer.Ordinal),
        ];
        while (missing.Count > 0)
        {
            await locked.FindAsync(missing);
            missing.RemoveAll(locked.cells.ContainsKey);
            if (missing.Count > 0)
            {
                // One that another transaction makes meanwhile is waited for, not given back, and found the next time.
                await locked.MakeAsync(missing);
                missing.RemoveAll(locked.cells.ContainsKey);
            }
        }

        return locked;
    }

    private async Task FindAsync(List<(long Sweep, string Cell)> wanted)
    {
        var found = await connection
            .Statement(
                """
                SELECT c.sweep_id, c.cell, c.cell_id, c.outcome IS NOT NULL
                FROM cells c JOIN unnest($1, $2) AS w (sweep_id, cell) ON c.sweep_id = w.sweep_id AND c.cell = w.cell
                ORDER BY c.sweep_id, c.cell FOR UPDATE OF c
                """,
                wanted.Select(w => w.Sweep).ToArray(),
                wanted.Select(w => w.Cell).ToArray()
            )
            .RowsAsync(r => (At: (r.GetInt64(0), r.GetString(1)), Key: r.GetInt64(2), Finished: r.GetBoolean(3)));
        foreach (var cell in found)
        {
            cells.Add(cell.At, new LockedCell(cell.Key, cell.Finished, isNew: false));
        }
    }

    private async Task MakeAsync(List<(long Sweep, string Cell)> missing)
    {
        var made = await connection
            .Statement(
                """
                INSERT INTO cells (sweep_id, cell)
                SELECT sweep_id, cell FROM unnest($1, $2) WITH ORDINALITY AS w (sweep_id, cell, place) ORDER BY place
                ON CONFLICT DO NOTHING RETURNING sweep_id, cell, cell_id
                """,
                missing.Select(w => w.Sweep).ToArray(),
                missing.Select(w => w.Cell).ToArray()
            )
            .RowsAsync(r => (At: (r.GetInt64(0), r.GetString(1)), Key: r.GetInt64(2)));
        foreach (var cell in made)
        {
            cells.Add(cell.At, new LockedCell(cell.Key, finished: false, isNew: true));
        }
    }
}
