using System.Data.Common;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Quality;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>Reads what was decided of a sweep's trainings at their rungs.</summary>
internal static class RungReader
{
    public static async Task<IReadOnlyList<RungDecision>> ReadAsync(
        DbConnection connection,
        SweepId sweep,
        CancellationToken cancellation
    )
    {
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                """
                SELECT x.group_id AS GroupId, x.label AS Label, x.cell AS Cell, x.step AS Step, x.value AS Value, x.go AS Go
                FROM rungs x JOIN sweeps s ON s.sweep_id = x.sweep_id
                WHERE s.sweep = @sweep ORDER BY x.rung_id
                """,
                new { sweep = sweep.Value },
                cancellationToken: cancellation
            )
        );
        return
        [
            .. rows.Select(r => new RungDecision(
                new RungArrival(new GroupId(r.GroupId), r.Label, new CellId(r.Cell), r.Step, r.Value),
                r.Go != 0
            )),
        ];
    }

    private sealed class Row
    {
        public string GroupId { get; init; } = "";
        public string Label { get; init; } = "";
        public string Cell { get; init; } = "";
        public long Step { get; init; }
        public double? Value { get; init; }
        public long Go { get; init; }
    }
}
