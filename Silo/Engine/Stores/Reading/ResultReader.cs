using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>
/// What can be read, the same for every database. Each call takes a pooled connection of its own; long lists are read
/// page by page, so that no read transaction stands in the way of the database's housekeeping and no list holds a whole
/// sweep.
/// </summary>
internal sealed partial class ResultReader(IReadSource source)
{
    private const int IndexPage = 10_000;
    private const int CellPage = 500;

    public Task<IReadOnlyList<SweepRecord>> SweepsAsync(CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<SweepRecord>>(
            async c =>
                [
                    .. (
                        await c.QueryAsync<SweepRow>(
                            Sql($"{SweepRow.Select} ORDER BY created_us, sweep_id", null, cancellation)
                        )
                    ).Select(r => r.Record()),
                ],
            cancellation
        );

    public Task<SweepRecord?> SweepAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync(
            async c =>
                (
                    await c.QuerySingleOrDefaultAsync<SweepRow>(
                        Sql($"{SweepRow.Select} WHERE sweep = @sweep", new { sweep = sweep.Value }, cancellation)
                    )
                )?.Record(),
            cancellation
        );

    public async IAsyncEnumerable<long> FinishedIndicesAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var after = -1L;
        while (true)
        {
            var page = await ReadAsync(
                async c =>
                    (
                        await c.QueryAsync<long>(
                            Sql(
                                """
                                SELECT DISTINCT cell_index FROM cells
                                WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep)
                                  AND outcome IS NOT NULL AND cell_index > @after
                                ORDER BY cell_index LIMIT @page
                                """,
                                new
                                {
                                    sweep = sweep.Value,
                                    after,
                                    page = IndexPage,
                                },
                                cancellation
                            )
                        )
                    ).AsList(),
                cancellation
            );
            foreach (var index in page)
            {
                yield return index;
            }

            if (page.Count < IndexPage)
            {
                yield break;
            }

            after = page[^1];
        }
    }

    public async IAsyncEnumerable<CellResult> CellsAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var page in CellPagesAsync(sweep, cancellation))
        {
            foreach (var (_, result) in page)
            {
                yield return result;
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<(long Key, CellResult Result)>> CellPagesAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var (after, afterKey) = (-1L, -1L);
        while (true)
        {
            var page = await ReadAsync(async c => (
                        await c.QueryAsync<CellRow>(
                            Sql(
                                $"""
                                SELECT {CellRow.Columns} FROM cells
                                WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep)
                                  AND outcome IS NOT NULL AND (cell_index, cell_id) > (@after, @afterKey)
                                ORDER BY cell_index, cell_id LIMIT @page
                                """,
                                new
                                {
                                    sweep = sweep.Value,
                                    after,
                                    afterKey,
                                    page = CellPage,
                                },
                                cancellation
                            )
                        )
                    ).Select(r => (r.Key, Result: r.Result())).ToList(), cancellation);
            yield return page;
            if (page.Count < CellPage)
            {
                yield break;
            }

            (after, afterKey) = (page[^1].Result.Index, page[^1].Key);
        }
    }

    public Task<IReadOnlyDictionary<CellId, CellProgress>> ProgressAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation
    ) =>
        ExplainAsync(
            what: null,
            source.ReadByKeyAsync(c => new ProgressReader(source, c, sweep, cancellation).OfAsync(cells), cancellation)
        );

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(
        SweepId sweep,
        CellId cell,
        CancellationToken cancellation
    ) =>
        ExplainAsync(
            $"cell {cell}",
            source.ReadByKeyAsync(c => new LaunchReader(source, c, cancellation).OfCellAsync(sweep, cell), cancellation)
        );

    public Task<long> LaunchCountAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync(c => new ProgressReader(source, c, sweep, cancellation).LaunchCountAsync(), cancellation);

    public Task<IReadOnlyList<Fingerprint>> FingerprintsAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<Fingerprint>>(
            async c =>
                [
                    .. (
                        await c.QueryAsync<(string Id, string Entries)>(
                            Sql(
                                """
                                SELECT fingerprint, entries FROM fingerprints
                                WHERE fingerprint_id IN (
                                  SELECT l.fingerprint_id FROM launches l
                                  JOIN cells c ON c.cell_id = l.cell_id
                                  JOIN sweeps s ON s.sweep_id = c.sweep_id
                                  WHERE s.sweep = @sweep)
                                ORDER BY fingerprint
                                """,
                                new { sweep = sweep.Value },
                                cancellation
                            )
                        )
                    ).Select(r => new Fingerprint(new FingerprintId(r.Id), StoreText.Entries(r.Entries))),
                ],
            cancellation
        );

    /// <summary>None in a store that was last written before there were any.</summary>
    public Task<IReadOnlyList<CanaryRecord>> CanariesAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync(
            c => IfThere(c, "canaries", () => CanaryReader.ReadAsync(c, sweep, cancellation), cancellation),
            cancellation
        );

    /// <summary>As <see cref="CanariesAsync"/>.</summary>
    public Task<IReadOnlyList<RungDecision>> RungsAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync(
            c => IfThere(c, "rungs", () => RungReader.ReadAsync(c, sweep, cancellation), cancellation),
            cancellation
        );

    private async Task<IReadOnlyList<T>> IfThere<T>(
        DbConnection connection,
        string table,
        Func<Task<IReadOnlyList<T>>> read,
        CancellationToken cancellation
    ) => await source.HasTableAsync(connection, table, cancellation) ? await read() : [];

    public Task<IReadOnlyList<Incident>> IncidentsAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<Incident>>(
            async c =>
                [
                    .. (
                        await c.QueryAsync<IncidentRow>(
                            Sql(
                                """
                                SELECT i.cell AS Cell, i.at_us AS AtUs, i.device AS Device, i.cause AS Cause,
                                  i.message AS Message, i.stderr_tail AS StderrTail
                                FROM incidents i JOIN sweeps s ON s.sweep_id = i.sweep_id
                                WHERE s.sweep = @sweep ORDER BY i.incident_id
                                """,
                                new { sweep = sweep.Value },
                                cancellation
                            )
                        )
                    ).Select(r => r.Incident()),
                ],
            cancellation
        );

    public Task<IReadOnlyDictionary<string, long>> CountsAsync(SweepId sweep, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyDictionary<string, long>>(
            async c =>
                (
                    await c.QueryAsync<(string Outcome, long Cells)>(
                        Sql(
                            """
                            SELECT outcome, COUNT(*) FROM cells
                            WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND outcome IS NOT NULL
                            GROUP BY outcome
                            """,
                            new { sweep = sweep.Value },
                            cancellation
                        )
                    )
                ).ToDictionary(r => r.Outcome, r => r.Cells, StringComparer.Ordinal),
            cancellation
        );

    internal static CommandDefinition Sql(string text, object? parameters, CancellationToken cancellation) =>
        new(text, parameters, cancellationToken: cancellation);

    private Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        ExplainAsync(what: null, source.ReadAsync(read, cancellation));

    /// <param name="what">What is read, where a message can name it.</param>
    private async Task<T> ExplainAsync<T>(string? what, Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception error) when (StorageErrors.IsNoValue(error))
        {
            throw source.NoValue(what, error);
        }
    }
}
