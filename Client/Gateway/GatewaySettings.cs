using System.Net;
using Layerbench.Cluster.Tls;
using Layerbench.Core.Engines;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;
using Layerbench.Web;
using Microsoft.Extensions.Configuration;

namespace Layerbench.Gateway;

/// <summary>
/// How a gateway is configured: section <c>Layerbench</c> of appsettings.json, environment (<c>Layerbench__Silos__0</c>) or
/// arguments (<c>--Layerbench:Silos:0=10.0.0.7:30000</c>). Addresses and certificates to listen with are Kestrel's:
/// <c>--urls</c>, section <c>Kestrel</c>.
/// </summary>
public sealed record GatewaySettings
{
    public const string Section = "Layerbench";

    private static readonly TimeSpan mostPatience = TimeSpan.FromMinutes(5);

    /// <summary>The cluster's, as its silos have it.</summary>
    public string ClusterId { get; init; } = "layerbench";

    /// <summary>Addresses and gateway ports of silos; any that is up will do. By default this machine's first silo.</summary>
    public IReadOnlyList<string> Silos { get; init; } = [];

    /// <summary>Folder of the results store, the same as the silos'. Not with <see cref="Postgres"/>.</summary>
    public string Data { get; init; } = "";

    /// <summary>The silos' database, where they are found and results lie; empty: silos of one machine, and a folder.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>A file whose first line is the database's password; empty: none.</summary>
    public string PostgresPasswordFile { get; init; } = "";

    /// <summary>The token file; empty: no tokens, on loopback only.</summary>
    public string Tokens { get; init; } = "";

    /// <summary>Certificates by which silos and gateways know each other, as the silos have them; none: they speak in the clear.</summary>
    public TlsFiles Tls { get; init; } = new();

    public SubmitLimits Limits { get; init; } = new();

    /// <summary>How long a request waits for the cluster to answer, e.g. while a silo that died is replaced.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What it says that its version is, in place of the build's: to try what a cluster of two versions does.</summary>
    public string Version { get; init; } = Product.Version;

    internal WebSettings Web => new() { Tokens = Tokens, Limits = Limits };

    /// <exception cref="StoreException">It is no address.</exception>
    internal PostgresAddress? PostgresAddress =>
        Postgres.Length == 0 ? null : Engine.Stores.Postgres.PostgresAddress.Parse(Postgres, PostgresPasswordFile);

    internal IPEndPoint[] SiloEndpoints =>
        [.. (Silos.Count == 0 ? ["127.0.0.1:30000"] : Silos).Select(s => IPEndPoint.Parse(s))];

    /// <summary>The settings, or everything that is wrong with them.</summary>
    public static (GatewaySettings? Settings, IReadOnlyList<string> Errors) Read(IConfiguration configuration)
    {
        GatewaySettings settings;
        try
        {
            settings =
                configuration.GetSection(Section).Get<GatewaySettings>(o => o.ErrorOnUnknownConfiguration = true)
                ?? new();
        }
        catch (InvalidOperationException wrong)
        {
            // An unknown key, or a text that is no number or time; the binder names it.
            return (null, [wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message]);
        }

        List<string> errors = [.. settings.Errors(configuration)];
        return (errors.Count == 0 ? settings : null, errors);
    }

    private IEnumerable<string> Errors(IConfiguration configuration)
    {
        if (ClusterId.Length == 0)
        {
            yield return "ClusterId: is empty; give the name that the cluster's silos have";
        }

        foreach (var silo in Silos)
        {
            if (!(IPEndPoint.TryParse(silo, out var endpoint) && endpoint.Port > 0))
            {
                yield return $"Silos: '{silo}' is no address with a port; give a silo's gateway port, e.g. 127.0.0.1:30000";
            }
        }

        foreach (var error in Postgres.Length == 0 ? FolderErrors() : PostgresErrors())
        {
            yield return error;
        }

        if (Patience < TimeSpan.FromSeconds(1) || Patience > mostPatience)
        {
            yield return $"Patience: {Patience} is not from 1 second to {mostPatience}; give e.g. 00:00:15";
        }

        foreach (var error in TlsOfBuild.Errors(Tls.AreGiven, Tls.Errors()).Concat(Web.Errors(configuration)))
        {
            yield return error;
        }
    }

    private IEnumerable<string> FolderErrors()
    {
        if (Data.Length == 0)
        {
            yield return "Data: is missing; give the folder of the results that the silos share, e.g. /var/lib/layerbench, or "
                + "Postgres";
        }
    }

    private IEnumerable<string> PostgresErrors()
    {
        if (Problem() is { } problem)
        {
            yield return $"Postgres: {problem}";
        }

        foreach (var (name, value) in new[] { (nameof(Data), Data), (nameof(Silos), string.Join(' ', Silos)) })
        {
            if (value.Length > 0)
            {
                yield return $"{name}: '{value}' has no meaning with Postgres; leave one of them out";
            }
        }
    }

    private string? Problem()
    {
        try
        {
            _ = PostgresAddress;
            return null;
        }
        catch (StoreException wrong)
        {
            return wrong.Message;
        }
    }
}
