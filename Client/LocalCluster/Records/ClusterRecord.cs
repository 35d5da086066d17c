using Layerbench.LocalCluster.Processes;

namespace Layerbench.LocalCluster.Records;

/// <summary>A cluster as its folder remembers it, so that another shell finds it, also after a crash of anything.</summary>
/// <param name="Version">Of this record's form.</param>
/// <param name="Id">The silos' cluster id.</param>
/// <param name="Port">Of the gateway.</param>
/// <param name="Postgres">Connection string of a server that is not the cluster's own; null: its own, in the folder.</param>
/// <param name="PostgresAddress">At which silos of other network namespaces reach the cluster's own server; null: its socket alone.</param>
/// <param name="Journals">Whether silos keep journals.</param>
/// <param name="Simulated">Simulated devices of each silo; null: real ones.</param>
public sealed record ClusterRecord(
    int Version,
    string Id,
    int Port,
    string? Postgres,
    int? Simulated,
    bool Journals,
    string? PostgresAddress,
    IReadOnlyDictionary<string, string> SiloSettings,
    IReadOnlyDictionary<string, string> SiloEnvironment,
    IReadOnlyList<SiloRecord> Silos,
    ProcessMark? Gateway
)
{
    public const int CurrentVersion = 1;

    /// <summary>Of the cluster's own Prometheus, on loopback; null: it has none.</summary>
    public int? PrometheusPort { get; init; }

    public ProcessMark? Prometheus { get; init; }

    public SiloRecord this[string silo] => Silos.Single(s => s.Name == silo);

    public ClusterRecord With(SiloRecord silo) =>
        this with
        {
            Silos = [.. Silos.Select(s => s.Name == silo.Name ? silo : s)],
        };
}

/// <param name="Name">Of its node.</param>
/// <param name="Devices">Patterns, as in the silo's settings; <c>none</c>: it coordinates and runs nothing.</param>
/// <param name="Ports">Kept over restarts: peers look for a silo where it was.</param>
/// <param name="Network">Null: the machine's own, on loopback.</param>
/// <param name="Process">The last one that was started; null: none was, or it was stopped.</param>
public sealed record SiloRecord(
    string Name,
    IReadOnlyList<string> Devices,
    SiloPorts Ports,
    ProcessMark? Process,
    SiloNetwork? Network = null
)
{
    /// <summary>At which peers, clients and health checks find it.</summary>
    public string Address => Network?.Address ?? "127.0.0.1";
}

/// <summary>A network namespace of this machine that a silo runs in.</summary>
/// <param name="Namespace">Its name, as <c>ip netns</c> lists it.</param>
/// <param name="Address">The silo's.</param>
public sealed record SiloNetwork(string Namespace, string Address);

/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For clients.</param>
/// <param name="Http">For health.</param>
public sealed record SiloPorts(int Silo, int Gateway, int Http);
