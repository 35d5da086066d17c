using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Writes what is kept beside cells and launches: incidents, canaries, what was decided at rungs.</summary>
internal static class SideRows
{
    public static Task AddAsync(NpgsqlConnection connection, long sweep, Incident incident) =>
        connection
            .Statement(
                """
                INSERT INTO incidents (sweep_id, at_us, device, cause, message, stderr_tail, cell)
                VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, ''))
                """,
                sweep,
                StoreText.Microseconds(incident.At),
                incident.Device.Value,
                PostgresText.Of(incident.Cause),
                PostgresText.Of(incident.Message),
                PostgresText.Of(incident.StderrTail),
                incident.Cell?.Value ?? ""
            )
            .RunAsync();

    public static async Task AddAsync(
        NpgsqlConnection connection,
        long sweep,
        long fingerprint,
        IReadOnlyList<CanaryRecord> canaries
    )
    {
        foreach (var canary in canaries)
        {
            await connection
                .Statement(
                    """
                    INSERT INTO canaries (sweep_id, device, launch_us, place, fingerprint_id, at_us,
                      gemm_flops_per_second, triad_bytes_per_second)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::DOUBLE PRECISION)
                    ON CONFLICT DO NOTHING
                    """,
                    sweep,
                    canary.Device.Value,
                    StoreText.Microseconds(canary.Launch),
                    (short)canary.Place,
                    fingerprint,
                    StoreText.Microseconds(canary.At),
                    canary.GemmFlopsPerSecond,
                    canary.TriadBytesPerSecond
                )
                .RunAsync();
        }
    }

    public static Task AddAsync(NpgsqlConnection connection, long sweep, RungDecision decision) =>
        connection
            .Statement(
                """
                INSERT INTO rungs (sweep_id, group_id, label, cell, step, value, go)
                VALUES ($1, $2, $3, $4, $5, $6::DOUBLE PRECISION, $7)
                ON CONFLICT DO NOTHING
                """,
                sweep,
                decision.Arrival.Group.Value,
                PostgresText.Of(decision.Arrival.Label),
                decision.Arrival.Cell.Value,
                decision.Arrival.Step,
                decision.Arrival.Value is { } value && double.IsFinite(value) ? value : null,
                (short)(decision.Go ? 1 : 0)
            )
            .RunAsync();
}
