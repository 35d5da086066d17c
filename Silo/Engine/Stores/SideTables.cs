using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>Writes what is kept beside cells and launches: incidents, canaries, what was decided at rungs.</summary>
internal sealed class SideTables(SqliteConnection connection) : IDisposable
{
    private readonly Statement addIncident = new(
        connection,
        """
        INSERT INTO incidents (sweep_id, cell, at_us, device, cause, message, stderr_tail)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        7
    );

    private readonly Statement addCanary = new(
        connection,
        """
        INSERT INTO canaries (sweep_id, device, launch_us, place, fingerprint_id, at_us, gemm_flops_per_second,
          triad_bytes_per_second)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING
        """,
        8
    );

    private readonly Statement addRung = new(
        connection,
        """
        INSERT INTO rungs (sweep_id, group_id, label, cell, step, value, go) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """,
        7
    );

    public int Add(long sweep, Incident incident) =>
        addIncident.Run(
            sweep,
            incident.Cell?.Value,
            StoreText.Microseconds(incident.At),
            incident.Device.Value,
            incident.Cause,
            incident.Message,
            incident.StderrTail
        );

    public int Add(long sweep, long fingerprint, CanaryRecord canary) =>
        addCanary.Run(
            sweep,
            canary.Device.Value,
            StoreText.Microseconds(canary.Launch),
            (int)canary.Place,
            fingerprint,
            StoreText.Microseconds(canary.At),
            canary.GemmFlopsPerSecond,
            canary.TriadBytesPerSecond
        );

    public int Add(long sweep, RungDecision decision) =>
        addRung.Run(
            sweep,
            decision.Arrival.Group.Value,
            decision.Arrival.Label,
            decision.Arrival.Cell.Value,
            decision.Arrival.Step,
            decision.Arrival.Value is { } value && double.IsFinite(value) ? value : null,
            decision.Go
        );

    public void Dispose()
    {
        addIncident.Dispose();
        addCanary.Dispose();
        addRung.Dispose();
    }
}
