using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>How cells end, column by column, written in one statement.</summary>
internal sealed class CellEnds
{
    private readonly List<long> keys = [];
    private readonly List<long> indices = [];
    private readonly List<string> points = [];
    private readonly List<string> labels = [];
    private readonly List<string> baselines = [];
    private readonly List<string> outcomes = [];
    private readonly List<string?> reasons = [];
    private readonly List<string?> devices = [];
    private readonly List<long> times = [];

    public void Add(long key, CellResult result, (string Point, string Labels) texts)
    {
        keys.Add(key);
        indices.Add(result.Index);
        points.Add(PostgresText.Of(texts.Point));
        labels.Add(PostgresText.Of(texts.Labels));
        baselines.Add(PostgresText.Of(result.Baseline));
        outcomes.Add(result.Outcome.Name);
        reasons.Add(PostgresText.OrNull(result.Outcome.Explanation));
        devices.Add(result.Device?.Value);
        times.Add(StoreText.Microseconds(result.FinishedAt));
    }

    public async Task WriteAsync(NpgsqlConnection connection)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var written = await connection
            .Statement(
                """
                UPDATE cells c
                SET cell_index = e.cell_index, point = e.point, labels = e.labels, baseline = e.baseline,
                  outcome = e.outcome, reason = e.reason, device = e.device, finished_us = e.finished_us
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                  AS e (cell_id, cell_index, point, labels, baseline, outcome, reason, device, finished_us)
                WHERE c.cell_id = e.cell_id AND c.outcome IS NULL
                """,
                keys.ToArray(),
                indices.ToArray(),
                points.ToArray(),
                labels.ToArray(),
                baselines.ToArray(),
                outcomes.ToArray(),
                reasons.ToArray(),
                devices.ToArray(),
                times.ToArray()
            )
            .RunAsync();
        if (written != keys.Count)
        {
            throw new InvalidOperationException(
                $"{keys.Count - written} of {keys.Count} cells ended elsewhere although their rows were locked."
            );
        }
    }
}
