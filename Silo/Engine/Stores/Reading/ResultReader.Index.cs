using System.Runtime.CompilerServices;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

// What those who look on ask while more comes.
internal sealed partial class ResultReader
{
    public async IAsyncEnumerable<CellEnd> CellEndsAsync(
        SweepId sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var (after, afterKey) = (-1L, -1L);
        while (true)
        {
            var page = await ReadAsync(
                async c =>
                    (
                        await c.QueryAsync<(long Key, string Cell, long Position, long FinishedUs)>(
                            Sql(
                                """
                                SELECT cell_id, cell, cell_index, finished_us FROM cells
                                WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep)
                                  AND outcome IS NOT NULL AND (cell_index, cell_id) > (@after, @afterKey)
                                ORDER BY cell_index, cell_id LIMIT @page
                                """,
                                new
                                {
                                    sweep = sweep.Value,
                                    after,
                                    afterKey,
                                    page = IndexPage,
                                },
                                cancellation
                            )
                        )
                    ).AsList(),
                cancellation
            );
            foreach (var row in page)
            {
                yield return new CellEnd(new CellId(row.Cell), row.Position, StoreText.Time(row.FinishedUs));
            }

            if (page.Count < IndexPage)
            {
                yield break;
            }

            (after, afterKey) = (page[^1].Position, page[^1].Key);
        }
    }

    public Task<IncidentPage> LatestIncidentsAsync(
        SweepId sweep,
        long? before,
        int most,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return ReadAsync(
            async c =>
            {
                var parameters = new
                {
                    sweep = sweep.Value,
                    before = before ?? long.MaxValue,
                    most,
                };
                var rows = await c.QueryAsync<NumberedRow>(
                    Sql(
                        """
                        SELECT incident_id AS Number, cell AS Cell, at_us AS AtUs, device AS Device, cause AS Cause,
                          message AS Message, stderr_tail AS StderrTail
                        FROM incidents
                        WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND incident_id < @before
                        ORDER BY incident_id DESC LIMIT @most
                        """,
                        parameters,
                        cancellation
                    )
                );
                var count = await c.ExecuteScalarAsync<long>(
                    Sql(
                        """
                        SELECT COUNT(*) FROM incidents
                        WHERE sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep)
                        """,
                        parameters,
                        cancellation
                    )
                );
                return new IncidentPage(
                    [.. rows.Select(r => new NumberedIncident(r.Number, r.Of().Incident()))],
                    count
                );
            },
            cancellation
        );
    }
}
