using Layerbench.Cluster.Tests.Tls;
using Layerbench.Cluster.Tls;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;
using Layerbench.Silo;
using Layerbench.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Layerbench.Cluster.Tests;

/// <summary>Silos in processes of their own over a PostgreSQL database, and a client of theirs in this one.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string ClusterId = "test";

    private readonly Dictionary<string, SiloProcess> silos = new(StringComparer.Ordinal);
    private readonly string database;
    private IHost? client;

    private readonly TestAuthority? authority;

    private PostgresCluster(string database, PostgresResultStore store, TestAuthority? authority)
    {
        this.database = database;
        this.authority = authority;
        Store = store;
    }

    public PostgresResultStore Store { get; }

    /// <summary>As a connection string.</summary>
    public string Database => database;

    public IReadOnlyDictionary<string, SiloProcess> Silos => silos;

    public IFleetGrain Fleet => Grains.GetGrain<IFleetGrain>(IFleetGrain.Key);

    private IGrainFactory Grains => client!.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Silos of these names, started at once, each with two simulated devices.</summary>
    public static Task<PostgresCluster> StartAsync(params string[] nodes) => StartAsync(authority: null, nodes);

    /// <inheritdoc cref="StartAsync(string[])"/>
    /// <param name="authority">Of the certificates by which the parts know each other; null: they speak in the clear.</param>
    public static async Task<PostgresCluster> StartAsync(TestAuthority? authority, params string[] nodes)
    {
        var cluster = await OverAsync(await PostgresServer.SharedAsync(), authority);
        try
        {
            foreach (var node in nodes)
            {
                cluster.Add(node);
            }

            await cluster.ConnectAsync();
            await cluster.UntilAllAsync(nodes);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>No silo yet, over a database of this server.</summary>
    public static async Task<PostgresCluster> OverAsync(PostgresServer server, TestAuthority? authority = null)
    {
        var empty = await server.CreateDatabaseAsync();
        return new PostgresCluster(empty, await PostgresResultStore.OpenAsync(PostgresAddress.Parse(empty)), authority);
    }

    /// <summary>A silo on ports that none had before.</summary>
    public void Add(string node) => silos[node] = Start(node, authority?.For(node) ?? new TlsFiles());

    /// <summary>A silo that is not to be one of the cluster's.</summary>
    public SiloProcess Start(string node, TlsFiles tls)
    {
        var ports = TestCluster.FreePorts(2);
        var settings = new SiloSettings
        {
            Node = node,
            Devices = ["simulated:2"],
            ClusterId = ClusterId,
            SiloPort = ports[0],
            GatewayPort = ports[1],
            HttpPort = 0,
            Grace = TimeSpan.FromSeconds(10),
            SimulatedCell = TimeSpan.FromMilliseconds(50),
            Times = TestCluster.Quick,
        };
        return SiloProcess.Start(
            settings,
            new Dictionary<string, string>(tls.Environment(), StringComparer.Ordinal)
            {
                ["Layerbench__Postgres"] = database,
            }
        );
    }

    /// <summary>A client of the silos that are in the table now.</summary>
    public async Task ConnectAsync()
    {
        await StopClientAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(orleans =>
        {
            orleans.UseAdoNetClustering(
                (AdoNetClusteringClientOptions o) =>
                {
                    o.Invariant = "Npgsql";
                    o.ConnectionString = PostgresAddress.Parse(database).ConnectionString;
                }
            );
            orleans.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (ClusterId, ClusterId));
            orleans.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            orleans.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
            orleans.Services.AddSerializer(s => s.AddCoreRecords());
            if (authority is not null)
            {
                var own = new TlsIdentity(authority.For("client"), _ => { });
                TlsOfBuild
                    .Require()
                    .AddTo(orleans, new ClusterIdentity(() => own.Certificate, peer => own.Refusal(peer) is null));
            }

            orleans.UseConnectionRetryFilter(
                async (_, stopping) =>
                {
                    await Task.Delay(200, stopping);
                    return true;
                }
            );
        });
        client = builder.Build();
        // It looks for a silo as long as there is none.
        await client.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Wait.Deadline);
    }

    /// <summary>
    /// All are there for the first time. On a busy machine one may take so long that another declares it dead: it ends then,
    /// and is started again, as whatever runs silos does.
    /// </summary>
    private Task UntilAllAsync(string[] nodes) =>
        Wait.UntilAsync(
            async () =>
            {
                foreach (var node in nodes.Where(n => silos[n].HasEnded))
                {
                    silos[node].Dispose();
                    Add(node);
                }

                return await AreThereAsync(nodes);
            },
            Said
        );

    public Task UntilNodesAsync(params string[] nodes) => Wait.UntilAsync(() => AreThereAsync(nodes), Said);

    private async Task<bool> AreThereAsync(string[] nodes)
    {
        try
        {
            return (await Fleet.Nodes()).Select(n => n.Node.Name).Order().SequenceEqual(nodes.Order());
        }
        catch (Exception error) when (Unanswered.Is(error))
        {
            return false;
        }
    }

    public async Task<ISweepGrain> StartSweepAsync(int cells)
    {
        var sweep = Grains.GetGrain<ISweepGrain>("s");
        await Wait.UntilStartedAsync(sweep, TestCluster.Record("s", cells), SweepTerms.Ordinary);
        return sweep;
    }

    public ISweepGrain Sweep => Grains.GetGrain<ISweepGrain>("s");

    public Task UntilFinishedAsync(int cells) =>
        Wait.UntilAsync(async () => (await Store.CountsAsync(new SweepId("s"))).Values.Sum() >= cells, Said);

    /// <summary>So many silos have been declared dead.</summary>
    public Task UntilDeadAsync(int silos) =>
        Wait.UntilAsync(
            async () =>
                Equals(
                    await PostgresServer.AskAsync(
                        database,
                        "SELECT COUNT(*) FROM layerbench.OrleansMembershipTable WHERE Status = 6"
                    ),
                    (long)silos
                ),
            Said
        );

    /// <summary>Each cell has one outcome and one launch in the store, no more, no less.</summary>
    public async Task ShouldHaveEachCellOnceAsync(int cells, SweepId? sweep = null)
    {
        var results = await Store.CellsAsync(sweep ?? new SweepId("s")).ToListAsync();
        results.Select(r => r.Index).ShouldBe(Enumerable.Range(0, cells).Select(i => (long)i));
        results.ShouldAllBe(r => r.Outcome is Outcome.Completed);
        (await PostgresServer.AskAsync(database, "SELECT COUNT(*) FROM layerbench.launches")).ShouldBe((long)cells);
        (await PostgresServer.AskAsync(database, "SELECT COUNT(DISTINCT cell_id) FROM layerbench.launches")).ShouldBe(
            (long)cells
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos.Values)
        {
            silo.Dispose();
        }

        await StopClientAsync();
        await Store.DisposeAsync();
    }

    private string Said() => string.Join('\n', silos.Select(s => $"{s.Key}: {s.Value.Output}"));

    private async Task StopClientAsync()
    {
        if (client is null)
        {
            return;
        }

        // At once: there may be no silo left to take leave of.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await client.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
    }
}
