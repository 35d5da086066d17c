using System.Globalization;
using Layerbench.Core;
using Layerbench.Engine.Devices;
using Layerbench.LocalCluster.Monitoring;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;

namespace Layerbench.LocalCluster;

/// <summary>Starts a cluster, or what is missing of one.</summary>
/// <param name="say">Is told what happens, a line at a time.</param>
public sealed class ClusterStart(ClusterFolder folder, ClusterPrograms programs, Action<string> say, TimeProvider time)
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private const int FirstHttpPort = 8081;

    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Starts what does not run and waits until all of it is ready. Stopped before that, it stops again what it has
    /// started itself; what ran before goes on.
    /// </summary>
    /// <exception cref="BadInputException">What is asked for cannot be; every message says why and what to do.</exception>
    public async Task<ClusterRecord> UpAsync(ClusterPlan plan, CancellationToken cancellation = default)
    {
        var before = folder.Read();
        Check(plan, before);
        using var held = folder.Hold();
        using var parts = new ClusterParts(folder, programs, time);
        var started = new StartedParts();
        try
        {
            folder.Write(Planned(plan, before));
            await StartAsync(parts, started, cancellation);
            return parts.Record;
        }
        catch
        {
            await started.StopAsync(time);
            Restore(before);
            throw;
        }
    }

    private async Task StartAsync(ClusterParts parts, StartedParts started, CancellationToken cancellation)
    {
        if (parts.Record.Postgres is null && parts.OwnPostgres() is { Process: null } postgres)
        {
            say("starting PostgreSQL");
            started.Postgres = postgres;
            await postgres.StartAsync(cancellation);
        }

        List<string> waiting = [];
        foreach (var silo in parts.Record.Silos.Where(s => s.Process is not { IsAlive: true }))
        {
            cancellation.ThrowIfCancellationRequested();
            say($"starting silo {silo.Name} ({string.Join(", ", silo.Devices)})");
            started.Processes.Add(parts.StartSilo(silo.Name).Process!);
            waiting.Add(silo.Name);
        }

        await Task.WhenAll(waiting.Select(name => parts.SiloReadyAsync(name, patience, cancellation)));
        if (parts.Record.Gateway is not { IsAlive: true })
        {
            say("starting the gateway");
            started.Processes.Add(parts.StartGateway());
        }

        await parts.GatewayReadyAsync(patience, cancellation);
        if (parts.Record.PrometheusPort is not null)
        {
            await WatchAsync(parts, started, cancellation);
        }
    }

    private async Task WatchAsync(ClusterParts parts, StartedParts started, CancellationToken cancellation)
    {
        if (parts.Record.Prometheus is { IsAlive: true })
        {
            parts.AimPrometheus();
        }
        else
        {
            say("starting Prometheus");
            started.Processes.Add(parts.StartPrometheus());
        }

        await parts.PrometheusReadyAsync(patience, cancellation);
    }

    private static void Check(ClusterPlan plan, ClusterRecord? before)
    {
        var errors = new List<string>();
        if (before is not null)
        {
            if (plan.Silos < before.Silos.Count)
            {
                errors.Add(
                    Text($"--silos: the cluster has {before.Silos.Count}, more than {plan.Silos}; ")
                        + "leave the option out, start another with --dir, or end this one and its results ('cluster down --wipe')"
                );
            }

            if (plan.Postgres is not null && plan.Postgres != before.Postgres)
            {
                errors.Add("--postgres: the cluster has another database, with its results; choose another --dir");
            }

            if (plan.Simulated is not null && plan.Simulated != before.Simulated)
            {
                errors.Add("--simulated: the cluster has other devices; choose another --dir");
            }

            if (plan.Port is { } port && port != before.Port && before.Gateway is { IsAlive: true })
            {
                errors.Add(Text($"--port: the gateway listens on {before.Port} already; 'cluster down' first"));
            }
        }

        var asked = plan.Port ?? before?.Port ?? ClusterPlan.UsualPort;
        if (before?.Gateway is not { IsAlive: true } && !LoopbackPorts.IsFree(asked))
        {
            errors.Add(Text($"--port: {asked} is in use; stop what uses it, or give another port"));
        }

        errors.AddRange(PrometheusErrors(plan, before));
        if (errors.Count > 0)
        {
            throw new BadInputException(errors);
        }
    }

    private static IEnumerable<string> PrometheusErrors(ClusterPlan plan, ClusterRecord? before)
    {
        if (plan.PrometheusPortAfter(before) is not { } port)
        {
            yield break;
        }

        if (before?.Prometheus is { IsAlive: true })
        {
            if (port != before.PrometheusPort)
            {
                yield return Text(
                    $"--prometheus-port: it listens on {before.PrometheusPort} already; 'cluster down' first"
                );
            }
        }
        else if (!LoopbackPorts.IsFree(port))
        {
            yield return Text($"--prometheus-port: {port} is in use; stop what uses it, or give another port");
        }

        if (Missing() is { } missing)
        {
            yield return missing;
        }
    }

    private static string? Missing()
    {
        try
        {
            _ = PrometheusFolder.Require();
            return null;
        }
        catch (BadInputException missing)
        {
            return missing.Message;
        }
    }

    private ClusterRecord Planned(ClusterPlan plan, ClusterRecord? before)
    {
        var port = plan.Port ?? before?.Port ?? ClusterPlan.UsualPort;
        var record =
            before
            ?? new ClusterRecord(
                ClusterRecord.CurrentVersion,
                $"local-{Guid.NewGuid().ToString("N")[..8]}",
                port,
                plan.Postgres,
                plan.Simulated,
                plan.Journals,
                plan.PostgresAddress,
                plan.SiloSettings,
                plan.SiloEnvironment,
                [],
                Gateway: null
            );
        record = record with { PrometheusPort = plan.PrometheusPortAfter(record) };
        var count = plan.Silos ?? (record.Silos.Count > 0 ? record.Silos.Count : ClusterPlan.UsualSilos);
        if (count == record.Silos.Count)
        {
            return record with { Port = port };
        }

        var shares = record.Simulated is { } each
            ? DeviceShares.Simulated(count, each)
            : DeviceShares.Of(DeviceDiscovery.OfThisMachine().Find(), count);
        if (shares.Note is { } note)
        {
            say($"note: {note}");
        }

        var silos = Silos(record, shares, port, plan.PortsFrom);
        return record with
        {
            Port = port,
            Silos = [.. silos.Select((s, i) => i < plan.Networks.Count ? s with { Network = plan.Networks[i] } : s)],
        };
    }

    /// <summary>Those that are there keep their names, ports and devices; a cluster that grows on real devices has none for the new ones.</summary>
    private static IReadOnlyList<SiloRecord> Silos(ClusterRecord record, DeviceShares shares, int port, int from)
    {
        HashSet<int> taken =
        [
            port,
            .. record.Silos.SelectMany(s => new[] { s.Ports.Silo, s.Ports.Gateway, s.Ports.Http }),
        ];
        var silos = record.Silos.ToList();
        var grows = silos.Count > 0 && record.Simulated is null;
        while (silos.Count < shares.Patterns.Count)
        {
            silos.Add(
                new SiloRecord(
                    Text($"node-{silos.Count + 1}"),
                    grows ? [DeviceShares.None] : shares.Patterns[silos.Count],
                    new SiloPorts(
                        LoopbackPorts.Take(FirstSiloPort + from, taken),
                        LoopbackPorts.Take(FirstGatewayPort + from, taken),
                        LoopbackPorts.Take(FirstHttpPort + from, taken)
                    ),
                    Process: null
                )
            );
        }

        return silos;
    }

    /// <summary>As it was; logs and the new server's data stay, the first because they say why.</summary>
    private void Restore(ClusterRecord? before)
    {
        if (before is null)
        {
            folder.Forget();
        }
        else
        {
            folder.Write(before);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
