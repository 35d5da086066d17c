using System.Globalization;
using Layerbench.LocalCluster.Processes;

namespace Layerbench.LocalCluster;

public enum PartState
{
    Ready,

    /// <summary>It runs, and does not answer that it is ready: it starts, drains, hangs or waits for something.</summary>
    NotReady,

    Down,
}

/// <summary>How a part of the cluster is.</summary>
/// <param name="Process">Null: not known, or not there.</param>
/// <param name="Where">Its addresses.</param>
/// <param name="Devices">Of a silo.</param>
/// <param name="Log">Its file; empty: not ours.</param>
public sealed record PartStatus(
    string Name,
    PartState State,
    ProcessMark? Process,
    string Where,
    string Devices,
    string Log
)
{
    /// <summary>PostgreSQL where it is the cluster's own, the silos, the gateway, Prometheus where there is one.</summary>
    public static async Task<IReadOnlyList<PartStatus>> AllAsync(
        ClusterParts parts,
        CancellationToken cancellation = default
    )
    {
        var record = parts.Record;
        var found = new List<PartStatus>();
        if (record.Postgres is null)
        {
            var postgres = parts.OwnPostgres();
            var process = postgres.Process;
            found.Add(
                new PartStatus(
                    "PostgreSQL",
                    process is null ? PartState.Down : PartState.Ready,
                    process,
                    postgres.ConnectionString,
                    "",
                    postgres.Log
                )
            );
        }

        foreach (var silo in record.Silos)
        {
            found.Add(
                new PartStatus(
                    silo.Name,
                    await StateAsync(silo.Process, () => parts.IsReadyAsync(silo, cancellation)),
                    silo.Process,
                    Text($"{silo.Address}:{silo.Ports.Silo}, clients {silo.Ports.Gateway}, health {silo.Ports.Http}"),
                    string.Join(", ", silo.Devices),
                    parts.Folder.LogOf(silo.Name)
                )
            );
        }

        found.Add(
            new PartStatus(
                ClusterParts.GatewayName,
                await StateAsync(record.Gateway, () => parts.IsGatewayReadyAsync(cancellation)),
                record.Gateway,
                Text($"http://127.0.0.1:{record.Port}"),
                "",
                parts.Folder.LogOf(ClusterParts.GatewayName)
            )
        );
        if (record.PrometheusPort is { } port)
        {
            found.Add(
                new PartStatus(
                    ClusterParts.PrometheusName,
                    await StateAsync(record.Prometheus, () => parts.IsPrometheusReadyAsync(cancellation)),
                    record.Prometheus,
                    Text($"http://127.0.0.1:{port}"),
                    "",
                    parts.Folder.LogOf(ClusterParts.PrometheusName)
                )
            );
        }

        return found;
    }

    private static async Task<PartState> StateAsync(ProcessMark? process, Func<Task<bool>> isReady) =>
        process is not { IsAlive: true } ? PartState.Down
        : await isReady() ? PartState.Ready
        : PartState.NotReady;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
