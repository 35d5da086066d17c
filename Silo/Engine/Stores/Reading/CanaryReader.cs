using System.Data.Common;
using Dapper;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>Reads a sweep's canaries.</summary>
internal static class CanaryReader
{
    public static async Task<IReadOnlyList<CanaryRecord>> ReadAsync(
        DbConnection connection,
        SweepId sweep,
        CancellationToken cancellation
    )
    {
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                """
                SELECT x.device AS Device, f.fingerprint AS Fingerprint, x.launch_us AS LaunchUs, x.at_us AS AtUs,
                  x.place AS Place, x.gemm_flops_per_second AS Gemm, x.triad_bytes_per_second AS Triad
                FROM canaries x
                JOIN sweeps s ON s.sweep_id = x.sweep_id
                JOIN fingerprints f ON f.fingerprint_id = x.fingerprint_id
                WHERE s.sweep = @sweep
                ORDER BY x.launch_us, x.device, x.place
                """,
                new { sweep = sweep.Value },
                cancellationToken: cancellation
            )
        );
        return
        [
            .. rows.Select(r => new CanaryRecord(
                new DeviceId(r.Device),
                new FingerprintId(r.Fingerprint),
                StoreText.Time(r.LaunchUs),
                StoreText.Time(r.AtUs),
                (CanaryPlace)r.Place,
                r.Gemm,
                r.Triad
            )),
        ];
    }

    private sealed class Row
    {
        public string Device { get; init; } = "";
        public string Fingerprint { get; init; } = "";
        public long LaunchUs { get; init; }
        public long AtUs { get; init; }
        public long Place { get; init; }
        public double Gemm { get; init; }
        public double? Triad { get; init; }
    }
}
