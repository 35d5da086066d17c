using System.Globalization;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Layerbench.Harness;

/// <summary>
/// A cluster as <c>layerbench cluster up</c> starts it, in a folder of its own: real silo processes, a real gateway, a real
/// PostgreSQL. It is asked through an Orleans client and judged by its store and its journals.
/// </summary>
public sealed class ClusterHarness : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <summary>Another for every process, below what the highest range of a silo's ports leaves room for.</summary>
    private static int PortsFrom => Environment.ProcessId % 80 * 20;

    private static readonly Dictionary<string, string> noWorkers = new(StringComparer.Ordinal)
    {
        ["LAYERBENCH_PYTHON"] = "/nowhere/python",
        ["LAYERBENCH_TORCHSHARP"] = "none",
    };

    private readonly ClusterPrograms started;
    private readonly IHost client;

    private ClusterHarness(ClusterParts parts, ClusterPrograms programs, IResultStore store, IHost client)
    {
        (Parts, started, Store, this.client) = (parts, programs, store, client);
        Journals = new JournalBook(parts.Folder, Silos);
        AppDomain.CurrentDomain.ProcessExit += RemoveAtExit;
    }

    public ClusterParts Parts { get; }
    public IResultStore Store { get; }

    /// <summary>What every silo says that it ran.</summary>
    public JournalBook Journals { get; }

    public ClusterFolder Folder => Parts.Folder;
    public IGrainFactory Grains => client.Services.GetRequiredService<IGrainFactory>();
    public IFleetGrain Fleet => Grains.GetGrain<IFleetGrain>(IFleetGrain.Key);
    public IReadOnlyList<string> Silos => [.. Parts.Record.Silos.Select(s => s.Name)];

    /// <summary>The gateway's address.</summary>
    public Uri Gateway => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Parts.Record.Port}"));

    /// <exception cref="BadInputException">This machine lacks something, e.g. PostgreSQL.</exception>
    public static async Task<ClusterHarness> StartAsync(HarnessOptions options, Action<string>? say = null)
    {
        // Not below this user's home: PostgreSQL may run as another.
        var folder = new ClusterFolder(Directory.CreateTempSubdirectory("layerbench-cluster-").FullName);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                folder.Path,
                File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute
            );
        }

        var programs = ClusterPrograms.Require(AppContext.BaseDirectory, missingFeatures: "");
        var plan = new ClusterPlan
        {
            Silos = options.Silos,
            Simulated = options.Devices,
            Port = LoopbackPorts.Take(ClusterPlan.UsualPort + 100 + PortsFrom, new HashSet<int>()),
            PortsFrom = PortsFrom,
            Journals = options.Journals,
            // Simulated devices need no worker, and looking for those that are installed takes longer than all else of a start.
            SiloEnvironment = options.Devices is null ? new Dictionary<string, string>() : noWorkers,
            Networks = options.Networks?.Silos ?? [],
            PostgresAddress = options.Networks?.HostAddress,
            SiloSettings = new Dictionary<string, string>(options.Settings, StringComparer.Ordinal)
            {
                ["SimulatedCell"] = options.Cell.ToString("c", CultureInfo.InvariantCulture),
            },
        };
        var record = await new ClusterStart(folder, programs, say ?? (_ => { }), TimeProvider.System).UpAsync(plan);
        var parts = new ClusterParts(folder, programs, TimeProvider.System);
        var store = await PostgresResultStore.OpenAsync(PostgresAddress.Parse(parts.ConnectionString));
        return new ClusterHarness(parts, programs, store, await ConnectAsync(record.Id, parts.ConnectionString));
    }

    /// <summary>
    /// A sweep by text, e.g. <c>simulated: 300</c>; its grain is where Orleans puts it, or on that silo.
    /// </summary>
    public async Task<ISweepGrain> StartSweepAsync(
        string id,
        string text,
        string? coordinator = null,
        SweepTerms? terms = null
    )
    {
        var sweep = Grains.GetGrain<ISweepGrain>(id);
        if (coordinator is not null)
        {
            await PlaceAsync(sweep, coordinator);
        }

        var record = new SweepRecord(new SweepId(id), id, text, Seed: 1, TimeProvider.System.GetUtcNow(), "harness");
        await Until.StartedAsync(sweep, record, terms ?? SweepTerms.Ordinary);
        return sweep;
    }

    /// <summary>The silo on which the sweep is decided.</summary>
    public async Task<string> CoordinatorOfAsync(ISweepGrain sweep)
    {
        var address = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(sweep);
        var nodes = await Fleet.Nodes();
        return nodes.Single(n => n.Node.Silo == address!.ToParsableString()).Node.Name;
    }

    /// <summary>Null where the cluster does not answer now: a silo may have died with what was asked.</summary>
    public static async Task<SweepProgress?> ProgressAsync(ISweepGrain sweep)
    {
        try
        {
            return await sweep.Progress();
        }
        catch (Exception e) when (Unanswered.Is(e) || e is InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Until every cell has an outcome and nothing is in flight.</summary>
    public static Task<TimeSpan> DoneAsync(ISweepGrain sweep, TimeSpan? within = null) =>
        Until.TrueAsync(
            async () => await ProgressAsync(sweep) is { InFlight: 0 } progress && progress.Passed == progress.Size,
            within ?? TimeSpan.FromMinutes(5)
        );

    public ProcessMark ProcessOf(string silo) =>
        Parts.Record[silo].Process ?? throw new InvalidOperationException($"Silo {silo} was not started.");

    /// <summary>SIGKILL, SIGSTOP, …; returns when the signal is sent.</summary>
    public void Send(string silo, ProcessSignal signal) => ProcessOf(silo).Send(signal);

    /// <summary>Starts a silo that is gone, and waits until it is ready.</summary>
    public async Task RestartAsync(string silo)
    {
        await ProcessOf(silo).HasEndedAsync(patience, TimeProvider.System);
        Parts.StartSilo(silo);
        await Parts.SiloReadyAsync(silo, patience);
    }

    /// <summary>Kills all silos at once and starts them at other ports.</summary>
    public async Task RestartAllElsewhereAsync()
    {
        foreach (var silo in Silos)
        {
            Send(silo, ProcessSignal.Kill);
        }

        foreach (var silo in Silos)
        {
            await ProcessOf(silo).HasEndedAsync(patience, TimeProvider.System);
        }

        Parts.MovePorts();
        foreach (var silo in Silos)
        {
            Parts.StartSilo(silo);
        }
    }

    /// <summary>Processor time since they were started, of processes that have ended too: of the silos, the gateway and PostgreSQL.</summary>
    public (TimeSpan Silos, TimeSpan Gateway, TimeSpan Postgres) ProcessorTime() =>
        (
            Sum(Parts.Record.Silos.Select(s => s.Process)),
            Sum([Parts.Record.Gateway]),
            Sum([Parts.OwnPostgres().Process])
        );

    private static TimeSpan Sum(IEnumerable<ProcessMark?> roots) =>
        roots
            .OfType<ProcessMark>()
            .SelectMany(r => r.Tree())
            .Aggregate(TimeSpan.Zero, (sum, p) => sum + p.ProcessorTime);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= RemoveAtExit;
        await CloseAsync(client);
        await Store.DisposeAsync();
        await RemoveAsync();
    }

    /// <summary>Its processes outlive this one, so one that is told to end takes them along.</summary>
    private void RemoveAtExit(object? sender, EventArgs e) => RemoveAsync().GetAwaiter().GetResult();

    private async Task RemoveAsync()
    {
        foreach (
            var process in Parts.Record.Silos.Select(s => s.Process).Append(Parts.Record.Gateway).OfType<ProcessMark>()
        )
        {
            process.Send(ProcessSignal.Kill);
        }

        Parts.Dispose();
        await new ClusterStop(Folder, started, _ => { }, TimeProvider.System).DownAsync(wipe: true);
    }

    private async Task PlaceAsync(ISweepGrain sweep, string silo)
    {
        var node = (await Fleet.Nodes()).Single(n => n.Node.Name == silo).Node;
        RequestContext.Set(
            Orleans.Runtime.Placement.IPlacementDirector.PlacementHintKey,
            SiloAddress.FromParsableString(node.Silo)
        );
        try
        {
            await sweep.Progress();
        }
        catch (InvalidOperationException)
        {
            // It is not started yet, and was activated to say so.
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    /// <summary>Silos are looked up where they enter themselves, as a gateway does: they come back at other ports.</summary>
    private static async Task<IHost> ConnectAsync(string cluster, string postgres)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleansClient(orleans =>
        {
            orleans.UseAdoNetClustering(
                (AdoNetClusteringClientOptions o) => (o.Invariant, o.ConnectionString) = ("Npgsql", postgres)
            );
            orleans.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, cluster));
            orleans.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            orleans.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(3));
            orleans.Services.AddSerializer(s => s.AddCoreRecords());
            orleans.UseConnectionRetryFilter(
                async (_, stopping) =>
                {
                    await Task.Delay(200, stopping);
                    return true;
                }
            );
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task CloseAsync(IHost host)
    {
        // A client whose silos are all gone does not say goodbye; nothing waits for it.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await host.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // As above.
        }

        host.Dispose();
    }
}
