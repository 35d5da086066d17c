using System.Net;
using Layerbench.Cluster.Tls;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;
using Layerbench.Grains;
using Layerbench.Silo.Nodes;
using Microsoft.Extensions.Configuration;

namespace Layerbench.Silo;

/// <summary>
/// How a silo is configured: section <c>Layerbench</c> of appsettings.json, environment (<c>Layerbench__Node</c>) or
/// arguments (<c>--Layerbench:Node=a</c>).
/// </summary>
public sealed partial record SiloSettings
{
    public const string Section = "Layerbench";

    /// <summary>Unique in the cluster, without a slash; by default the machine's name.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>
    /// Device patterns: <c>auto</c>, <c>cpu</c>, <c>cpu:0-3</c>, <c>cuda</c>, <c>cuda:0</c>, <c>simulated:4</c>; without any
    /// <c>auto</c>, which is the GPUs or else the CPUs. <c>none</c>: a silo that coordinates and runs nothing.
    /// </summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Silos of one id form a cluster.</summary>
    public string ClusterId { get; init; } = "layerbench";

    /// <summary>On which silos talk to each other, 1 to 65535.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>On which clients connect, 1 to 65535.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>On which health is answered; 0: nowhere.</summary>
    public int HttpPort { get; init; } = 8081;

    /// <summary>The address of <see cref="HttpPort"/>; <c>0.0.0.0</c>: every address of the machine.</summary>
    public string HttpAddress { get; init; } = "127.0.0.1";

    /// <summary>Address and silo port of the first silo, which keeps the membership table in memory; empty: this is it.</summary>
    public string Primary { get; init; } = "";

    /// <summary>Folder of the results store and the grains' state; all silos of the cluster share it. Not with <see cref="Postgres"/>.</summary>
    public string Data { get; init; } = "";

    /// <summary>
    /// Connection string of the PostgreSQL database that keeps results, membership and the grains' state, e.g.
    /// <c>Host=db;Database=layerbench;Username=layerbench</c>; in place of <see cref="Data"/> and <see cref="Primary"/>.
    /// </summary>
    public string Postgres { get; init; } = "";

    /// <summary>A file whose first line is the password; empty: it is in the connection string, or in PGPASSWORD.</summary>
    public string PostgresPasswordFile { get; init; } = "";

    /// <summary>This machine's address, on which silos and clients reach this one.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>How long a silo that is told to stop waits for slices in flight.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a simulated device takes for a cell.</summary>
    public TimeSpan SimulatedCell { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A file to which every slice that this node runs is appended, by which results can be checked; empty: none.</summary>
    public string Journal { get; init; } = "";

    /// <summary>
    /// Files of variants on this machine (.py for the PyTorch worker, .dll for TorchSharp's), which sweeps may name by their
    /// content where the gateway allows it.
    /// </summary>
    public IReadOnlyList<string> PlugIns { get; init; } = [];

    /// <summary>Certificates by which silos and gateways know each other; none: they speak in the clear.</summary>
    public TlsFiles Tls { get; init; } = new();

    /// <summary>What it says that its version is, in place of the build's: to try what a cluster of two versions does.</summary>
    public string Version { get; init; } = Product.Version;

    public ClusterTimes Times { get; init; } = new();

    internal IPEndPoint? PrimaryEndpoint => Primary.Length == 0 ? null : IPEndPoint.Parse(Primary);

    /// <summary>Null: one machine, with a folder.</summary>
    /// <exception cref="StoreException">The connection string or the password file is none.</exception>
    internal PostgresAddress? PostgresAddress =>
        Postgres.Length == 0 ? null : Engine.Stores.Postgres.PostgresAddress.Parse(Postgres, PostgresPasswordFile);

    /// <summary>The settings, or everything that is wrong with them.</summary>
    public static (SiloSettings? Settings, IReadOnlyList<string> Errors) Read(IConfiguration configuration)
    {
        SiloSettings settings;
        try
        {
            settings =
                configuration.GetSection(Section).Get<SiloSettings>(o => o.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException wrong)
        {
            // An unknown key, or a text that is no number or time; the binder names it.
            return (null, [wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message]);
        }

        List<string> errors = [.. settings.Errors()];
        return (errors.Count == 0 ? settings : null, errors);
    }

    private IEnumerable<string> Errors()
    {
        if (Node.Length == 0 || Node.Contains('/', StringComparison.Ordinal))
        {
            yield return $"Node: '{Node}' is empty or has a slash; give a name without one, e.g. gpu-7";
        }

        foreach (var (name, port) in new[] { (nameof(SiloPort), SiloPort), (nameof(GatewayPort), GatewayPort) })
        {
            if (port is < 1 or > 65535)
            {
                yield return $"{name}: {port} is no port; give a number from 1 to 65535";
            }
        }

        if (HttpPort is < 0 or > 65535)
        {
            yield return $"HttpPort: {HttpPort} is no port; give a number from 1 to 65535, or 0 for none";
        }

        if (!IPAddress.TryParse(HttpAddress, out _))
        {
            yield return $"HttpAddress: '{HttpAddress}' is no address; give e.g. 127.0.0.1 or 0.0.0.0";
        }

        if (HttpPort != 0 && (HttpPort == SiloPort || HttpPort == GatewayPort))
        {
            yield return $"HttpPort: {HttpPort} is the silo's or the gateway's port as well; give another, or 0 for none";
        }

        if (SiloPort == GatewayPort)
        {
            yield return $"GatewayPort: {GatewayPort} is the silo port as well; give another";
        }

        if (Primary.Length > 0 && !(IPEndPoint.TryParse(Primary, out var primary) && primary.Port > 0))
        {
            yield return $"Primary: '{Primary}' is no address with a port; give the first silo's, e.g. 127.0.0.1:11111";
        }

        if (ClusterId.Length == 0)
        {
            yield return "ClusterId: is empty; give the name that all silos of the cluster have";
        }

        foreach (var error in PlaceErrors())
        {
            yield return error;
        }

        if (Grace < TimeSpan.Zero || Grace > TimeSpan.FromHours(1))
        {
            yield return $"Grace: {Grace} is not from 0 to 1 hour; give e.g. 00:00:20";
        }

        if (SimulatedCell < TimeSpan.Zero || SimulatedCell > TimeSpan.FromHours(1))
        {
            yield return $"SimulatedCell: {SimulatedCell} is not from 0 to 1 hour; give e.g. 00:00:00.010";
        }

        foreach (
            var error in Times
                .Errors()
                .Concat(TlsOfBuild.Errors(Tls.AreGiven, Tls.Errors()))
                .Concat(NodePlugIns.Errors(PlugIns))
                .Concat(NodeDevices.Resolve(Devices).Errors)
        )
        {
            yield return error;
        }
    }
}
