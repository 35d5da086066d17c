namespace Layerbench.LocalCluster.Records;

/// <summary>What a cluster on this machine is to be.</summary>
public sealed record ClusterPlan
{
    /// <summary>How many silos, at least 1; null: as many as it has, or <see cref="UsualSilos"/>.</summary>
    public int? Silos { get; init; }

    public const int UsualSilos = 3;
    public const int MostSilos = 100;

    /// <summary>Npgsql connection string of a server that runs already; null: one of its own, in the folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Of the gateway, on loopback; null: the one it has, or <see cref="UsualPort"/>.</summary>
    public int? Port { get; init; }

    public const int UsualPort = 8080;

    /// <summary>Added to the ports at which the search for free ones of the silos begins: of clusters that start at one moment each looks elsewhere.</summary>
    public int PortsFrom { get; init; }

    /// <summary>So many simulated devices for each silo; null: the machine's real ones, shared out.</summary>
    public int? Simulated { get; init; }

    /// <summary>Whether every silo keeps a journal of what it runs, in the folder.</summary>
    public bool Journals { get; init; }

    /// <summary>Environment of the silos, beside what they inherit; kept as the settings are.</summary>
    public IReadOnlyDictionary<string, string> SiloEnvironment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A network namespace for each silo; empty: all on loopback.</summary>
    public IReadOnlyList<SiloNetwork> Networks { get; init; } = [];

    /// <summary>Where the cluster's own PostgreSQL listens as well, for silos in such namespaces; null: its socket alone.</summary>
    public string? PostgresAddress { get; init; }

    /// <summary>More settings for every silo (<c>Times:Lease</c> → <c>00:00:04</c>); kept, so that repairs use them too.</summary>
    public IReadOnlyDictionary<string, string> SiloSettings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
