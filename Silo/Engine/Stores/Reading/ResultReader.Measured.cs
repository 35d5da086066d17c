using System.Data.Common;
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
        foreach (var some in cells.Distinct().Chunk(MeasuredTogether))
        {
            var found = await ExplainAsync(
                what: null,
                source.ReadByKeyAsync(c => FinishedAsync(c, sweep, some, cancellation), cancellation)
            );
            foreach (var cell in await WithLaunchesAsync(sweep, found, cancellation))
            {
                yield return cell;
            }
        }
    }

    private async Task<IReadOnlyList<(long Key, CellResult Result)>> FinishedAsync(
        DbConnection connection,
        SweepId sweep,
        IEnumerable<CellId> cells,
        CancellationToken cancellation
    )
    {
        var rows = await connection.QueryAsync<CellRow>(
            Sql(
                $"SELECT {CellRow.Columns} FROM {source.CellsByName} WHERE outcome IS NOT NULL",
                new { sweep = sweep.Value, cells = cells.Select(id => id.Value).ToArray() },
                cancellation
            )
        );
        return [.. rows.Select(r => (r.Key, Result: r.Result())).OrderBy(r => r.Result.Index).ThenBy(r => r.Key)];
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
