using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>A cell's row, which no other transaction changes until this one ends.</summary>
/// <param name="key">Null: it is to be made, so nothing is kept of it yet.</param>
/// <param name="finished">It has its outcome.</param>
internal sealed class LockedCell(long? key, bool finished)
{
    private long? key = key;

    public bool IsNew { get; } = key is null;

    /// <exception cref="InvalidOperationException">It has not been made.</exception>
    public long Key
    {
        get => key ?? throw new InvalidOperationException("A cell's row has no key before it is made.");
        set => key = value;
    }

    /// <summary>It has its outcome, or gets it in this transaction.</summary>
    public bool Finished { get; private set; } = finished;

    /// <summary>How it ends in this transaction; null: it does not.</summary>
    public EndingCell? End { get; private set; }

    /// <summary>False: it was finished, and stays as it is.</summary>
    public bool Finish(CellResult result, CellTexts texts)
    {
        if (Finished)
        {
            return false;
        }

        Finished = true;
        End = new EndingCell(result, texts);
        return true;
    }
}

/// <summary>How a cell ends, with what of it is kept as text.</summary>
internal sealed record EndingCell(CellResult Result, CellTexts Texts);

/// <summary>Another transaction has made a cell's row since this one looked: it is to begin again, and will find it.</summary>
internal sealed class CellMadeElsewhereException()
    : Exception("A cell's row was made by another transaction meanwhile.");

/// <summary>
/// The rows of cells that a transaction writes to, found and locked, or made: all at once and in one order, so that no two
/// writers wait for each other in a ring.
/// </summary>
internal sealed class LockedCells
{
    private readonly NpgsqlConnection connection;
    private readonly List<(long Sweep, string Cell)> order;
    private readonly Dictionary<(long Sweep, string Cell), LockedCell> cells;

    private LockedCells(NpgsqlConnection connection, List<(long Sweep, string Cell)> order)
    {
        (this.connection, this.order) = (connection, order);
        cells = new(order.Count);
    }

    public LockedCell this[long sweep, CellId cell] => cells[(sweep, cell.Value)];

    /// <summary>Finds and locks those that are there; the others are new until <see cref="WriteAsync"/> makes them.</summary>
    public static async Task<LockedCells> FindAsync(
        NpgsqlConnection connection,
        IEnumerable<(long Sweep, CellId Cell)> wanted
    )
    {
        var locked = new LockedCells(
            connection,
            [
                .. wanted
                    .Select(w => (w.Sweep, Cell: w.Cell.Value))
                    .Distinct()
                    .OrderBy(w => w.Sweep)
                    .ThenBy(w => w.Cell, StringComparer.Ordinal),
            ]
        );
        if (locked.order.Count > 0)
        {
            await locked.FindAsync();
        }

        return locked;
    }

    /// <summary>Makes the rows that are new, those that end at once with their end, and writes how the others end.</summary>
    /// <exception cref="CellMadeElsewhereException">Nothing of this transaction may be kept.</exception>
    public async Task WriteAsync()
    {
        var made = order.FindAll(at => cells[at].IsNew);
        if (made.Count > 0)
        {
            var keys = await CellRows.AddAsync(connection, [.. made.Select(at => (at.Sweep, at.Cell, cells[at].End))]);
            if (keys.Count < made.Count)
            {
                throw new CellMadeElsewhereException();
            }

            foreach (var (at, key) in keys)
            {
                cells[at].Key = key;
            }
        }

        List<(long Key, EndingCell End)> ended =
        [
            .. cells.Values.Where(c => c is { IsNew: false, End: not null }).Select(c => (c.Key, c.End!)),
        ];
        if (ended.Count > 0)
        {
            await CellRows.EndAsync(connection, ended);
        }
    }

    private async Task FindAsync()
    {
        var found = await connection
            .Statement(
                """
                SELECT c.sweep_id, c.cell, c.cell_id, c.outcome IS NOT NULL
                FROM cells c JOIN unnest($1, $2) AS w (sweep_id, cell) ON c.sweep_id = w.sweep_id AND c.cell = w.cell
                ORDER BY c.sweep_id, c.cell FOR UPDATE OF c
                """,
                order.Select(w => w.Sweep).ToArray(),
                order.Select(w => w.Cell).ToArray()
            )
            .RowsAsync(r => (At: (r.GetInt64(0), r.GetString(1)), Key: r.GetInt64(2), Finished: r.GetBoolean(3)));
        foreach (var cell in found)
        {
            cells.Add(cell.At, new LockedCell(cell.Key, cell.Finished));
        }

        foreach (var at in order.Where(wanted => !cells.ContainsKey(wanted)))
        {
            cells.Add(at, new LockedCell(key: null, finished: false));
        }
    }
}
