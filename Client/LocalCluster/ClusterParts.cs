using System.Globalization;
using Layerbench.Core;
using Layerbench.LocalCluster.Monitoring;
using Layerbench.LocalCluster.Postgres;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;

namespace Layerbench.LocalCluster;

/// <summary>
/// The parts of a cluster on this machine, one by one: PostgreSQL, silos, a gateway. What runs is found by the folder's
/// record, so that it does not matter which program started it.
/// </summary>
public sealed class ClusterParts(ClusterFolder folder, ClusterPrograms programs, TimeProvider time) : IDisposable
{
    public const string GatewayName = "gateway";
    public const string PrometheusName = "prometheus";

    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(100);

    private readonly ClusterHealth health = new();

    public ClusterFolder Folder { get; } = folder;

    /// <exception cref="InvalidOperationException">There is no cluster in the folder.</exception>
    public ClusterRecord Record =>
        Folder.Read() ?? throw new InvalidOperationException($"'{Folder.Path}' has no cluster.");

    /// <summary>The connection string of the database that the cluster uses.</summary>
    public string ConnectionString => Record.Postgres ?? OwnPostgres().ConnectionString;

    /// <summary>The cluster's own server, whether it runs or not.</summary>
    /// <exception cref="BadInputException">PostgreSQL is not installed.</exception>
    public PostgresFolder OwnPostgres() => new(Folder.Postgres, PostgresPrograms.Require(), Record.PostgresAddress);

    /// <summary>Starts a silo, at the ports of before where these are free.</summary>
    public SiloRecord StartSilo(string name)
    {
        var record = Record;
        var silo = record[name] with { Ports = FreePorts(record, record[name].Ports) };
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Node"] = silo.Name,
            ["ClusterId"] = record.Id,
            ["SiloPort"] = Text(silo.Ports.Silo),
            ["GatewayPort"] = Text(silo.Ports.Gateway),
            ["HttpPort"] = Text(silo.Ports.Http),
            ["Postgres"] = silo.Network is null ? ConnectionString : OwnPostgres().RemoteConnectionString,
        };
        if (silo.Network is not null)
        {
            settings["Address"] = silo.Address;
            settings["HttpAddress"] = silo.Address;
        }

        for (var i = 0; i < silo.Devices.Count; i++)
        {
            settings[$"Devices:{Text(i)}"] = silo.Devices[i];
        }

        if (record.Journals)
        {
            settings["Journal"] = Folder.JournalOf(name);
        }

        foreach (var (key, value) in record.SiloSettings)
        {
            settings[key] = value;
        }

        var variables = Variables(settings);
        foreach (var (variable, value) in record.SiloEnvironment)
        {
            variables[variable] = value;
        }

        silo = silo with
        {
            Process = Detached.Start(
                silo.Network is { } network
                    ? ["ip", "netns", "exec", network.Namespace, .. programs.Silo]
                    : programs.Silo,
                variables,
                Folder.LogOf(name)
            ),
        };
        Folder.Write(Record.With(silo));
        return silo;
    }

    public ProcessMark StartGateway()
    {
        var record = Record;
        var variables = Variables(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ClusterId"] = record.Id,
                ["Postgres"] = ConnectionString,
            }
        );
        variables["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Text(record.Port)}";
        var gateway = Detached.Start(programs.Gateway, variables, Folder.LogOf(GatewayName));
        Folder.Write(Record with { Gateway = gateway });
        return gateway;
    }

    /// <exception cref="BadInputException">It is not installed.</exception>
    public ProcessMark StartPrometheus()
    {
        var record = Record;
        var own = new PrometheusFolder(Folder.Prometheus);
        own.Aim(record);
        var process = own.Start(PrometheusFolder.Require(), record.PrometheusPort!.Value, Folder.LogOf(PrometheusName));
        Folder.Write(Record with { Prometheus = process });
        return process;
    }

    /// <summary>Tells Prometheus where silos and gateway are now.</summary>
    public void AimPrometheus() => new PrometheusFolder(Folder.Prometheus).Aim(Record);

    /// <inheritdoc cref="SiloReadyAsync"/>
    public Task PrometheusReadyAsync(TimeSpan within, CancellationToken cancellation = default) =>
        ReadyAsync(
            PrometheusName,
            Record.Prometheus,
            Folder.LogOf(PrometheusName),
            () => IsPrometheusReadyAsync(cancellation),
            within,
            cancellation
        );

    public Task<bool> IsPrometheusReadyAsync(CancellationToken cancellation = default) =>
        health.PrometheusAsync(Record.PrometheusPort!.Value, cancellation);

    /// <summary>Silos that are started from now on are at other ports than before.</summary>
    public void MovePorts()
    {
        var record = Record;
        HashSet<int> taken =
        [
            record.Port,
            .. record.Silos.SelectMany(s => new[] { s.Ports.Silo, s.Ports.Gateway, s.Ports.Http }),
        ];
        Folder.Write(
            record with
            {
                Silos =
                [
                    .. record.Silos.Select(s =>
                        s with
                        {
                            Ports = new(
                                LoopbackPorts.Take(s.Ports.Silo, taken),
                                LoopbackPorts.Take(s.Ports.Gateway, taken),
                                LoopbackPorts.Take(s.Ports.Http, taken)
                            ),
                        }
                    ),
                ],
            }
        );
    }

    /// <summary>Until a silo has joined and takes work.</summary>
    /// <exception cref="BadInputException">It ended, or is not ready in time; the message has its last words.</exception>
    public Task SiloReadyAsync(string name, TimeSpan within, CancellationToken cancellation = default)
    {
        var silo = Record[name];
        return ReadyAsync(
            $"silo {name}",
            silo.Process,
            Folder.LogOf(name),
            () => health.SiloAsync(silo, cancellation),
            within,
            cancellation
        );
    }

    /// <inheritdoc cref="SiloReadyAsync"/>
    public Task GatewayReadyAsync(TimeSpan within, CancellationToken cancellation = default)
    {
        var record = Record;
        return ReadyAsync(
            GatewayName,
            record.Gateway,
            Folder.LogOf(GatewayName),
            () => health.GatewayAsync(record.Port, cancellation),
            within,
            cancellation
        );
    }

    public Task<bool> IsReadyAsync(SiloRecord silo, CancellationToken cancellation = default) =>
        health.SiloAsync(silo, cancellation);

    public Task<bool> IsGatewayReadyAsync(CancellationToken cancellation = default) =>
        health.GatewayAsync(Record.Port, cancellation);

    public void Dispose() => health.Dispose();

    private async Task ReadyAsync(
        string what,
        ProcessMark? process,
        string log,
        Func<Task<bool>> isReady,
        TimeSpan within,
        CancellationToken cancellation
    )
    {
        var since = time.GetTimestamp();
        while (!await isReady())
        {
            if (process is not { IsAlive: true })
            {
                throw new BadInputException($"{what} ended while it was started: {Detached.LastWords(log)}");
            }

            if (time.GetElapsedTime(since) > within)
            {
                throw new BadInputException(
                    $"{what} was not ready within {Text((int)within.TotalSeconds)} s: {Detached.LastWords(log)}"
                );
            }

            await Task.Delay(lookAgain, time, cancellation);
        }
    }

    private static SiloPorts FreePorts(ClusterRecord record, SiloPorts wanted)
    {
        HashSet<int> taken =
        [
            record.Port,
            .. record
                .Silos.Where(s => s.Ports != wanted)
                .SelectMany(s => new[] { s.Ports.Silo, s.Ports.Gateway, s.Ports.Http }),
        ];
        return new(
            LoopbackPorts.Take(wanted.Silo, taken),
            LoopbackPorts.Take(wanted.Gateway, taken),
            LoopbackPorts.Take(wanted.Http, taken)
        );
    }

    /// <summary>Settings travel in the environment: a command line, which may have a password, everybody can read.</summary>
    private static Dictionary<string, string?> Variables(IReadOnlyDictionary<string, string?> settings) =>
        settings.ToDictionary(
            s => $"Layerbench__{s.Key.Replace(":", "__", StringComparison.Ordinal)}",
            s => s.Value,
            StringComparer.Ordinal
        );

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
