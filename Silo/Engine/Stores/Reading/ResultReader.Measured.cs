using System.Runtime.CompilerServices;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

// Cells with their launches: several at a time, because making the statements takes longer than a cell's rows.
internal sealed partial class ResultReader
{
    /// <summary>Few enough for memory where each has ten thousand samples.</summary>
    private const int MeasuredTogether = 20;

    public async IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var page in CellPagesAsync(sweep, cancellation))
        {
            foreach (var some in page.Chunk(MeasuredTogether))
            {
                foreach (var cell in await WithLaunchesAsync(sweep, some, cancellation))
                {
                    yield return cell;
                }
            }
        }
    }

    public async IAsyncEnumerable<MeasuredCell> MeasuredAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        foreach (var some in cells.Chunk(MeasuredTogether))
        {
            var found = await ReadAsync(async c => (
                        await c.QueryAsync<CellRow>(
                            Sql(
                                $"""
                                SELECT {CellRow.Columns} FROM cells
                                WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep)
                                  AND outcome IS NOT NULL AND cell {source.AmongCells}
                                """,
                                new { sweep = sweep.Value, cells = some.Select(id => id.Value).ToArray() },
                                cancellation
                            )
                        )
                    ).Select(r => (r.Key, Result: r.Result())).OrderBy(r => r.Result.Index).ThenBy(r => r.Key).ToList(), cancellation);
            foreach (var cell in await WithLaunchesAsync(sweep, found, cancellation))
            {
                yield return cell;
            }
        }
    }

    private async Task<IReadOnlyList<MeasuredCell>> WithLaunchesAsync(
        SweepId sweep,
        IReadOnlyList<(long Key, CellResult Result)> cells,
        CancellationToken cancellation
    )
    {
        try
        {
            var launches = await source.ReadByKeyAsync(
                c =>
                    new LaunchReader(source, c, cancellation).OfCellsAsync([
                        .. cells.Select(cell => (cell.Key, cell.Result.Id)),
                    ]),
                cancellation
            );
            return [.. cells.Select(c => new MeasuredCell(c.Result, launches.GetValueOrDefault(c.Key) ?? []))];
        }
        catch (Exception error) when (StorageErrors.IsNoValue(error))
        {
            // One by one, so that the message names the cell.
            List<MeasuredCell> alone = [];
            foreach (var (_, result) in cells)
            {
                alone.Add(new MeasuredCell(result, await LaunchesAsync(sweep, result.Id, cancellation)));
            }

            return alone;
        }
    }
}
