using System.Net;
using System.Net.Sockets;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Stores;
using Layerbench.Grains;
using Layerbench.Silo;
using Layerbench.Silo.Simulated;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Cluster.Tests;

/// <summary>Real silos in this process, put together as the silo's own program does, over one store in a folder of its own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly Dictionary<string, IHost> hosts = new(StringComparer.Ordinal);
    private bool ofTheSilo;
    private IReadOnlyDictionary<string, TimeProvider> clocks = new Dictionary<string, TimeProvider>();

    private TestCluster() => Store = SqliteResultStore.Open(Path.Combine(Folder, "layerbench.db"));

    public static ClusterTimes Quick { get; } =
        new()
        {
            Lease = TimeSpan.FromSeconds(4),
            Poll = TimeSpan.FromMilliseconds(100),
            Call = TimeSpan.FromSeconds(2),
            Heartbeat = TimeSpan.FromMilliseconds(300),
            NodeTimeout = TimeSpan.FromSeconds(5),
        };

    public string Folder { get; } = Directory.CreateTempSubdirectory("layerbench-cluster-").FullName;
    public SqliteResultStore Store { get; }
    public RunLog Log { get; } = new();
    public string ClusterId { get; } = Guid.NewGuid().ToString("N")[..8];
    public int PrimaryPort { get; private set; }

    /// <summary>Where clients connect to the first silo.</summary>
    public int GatewayPort { get; private set; }
    public IGrainFactory Grains => hosts.Values.First().Services.GetRequiredService<IGrainFactory>();
    public IFleetGrain Fleet => Grains.GetGrain<IFleetGrain>(IFleetGrain.Key);

    /// <summary>Silos <c>a</c>, <c>b</c>, … with so many simulated devices each.</summary>
    /// <param name="ofTheSilo">Slices are run by the silo's own runners, and nothing is watched.</param>
    /// <param name="clocks">By node, where it has another clock than the machine's.</param>
    public static async Task<TestCluster> StartAsync(
        int silos,
        int devicesEach,
        ClusterTimes? times = null,
        bool ofTheSilo = false,
        IReadOnlyDictionary<string, TimeProvider>? clocks = null
    )
    {
        var cluster = new TestCluster
        {
            ofTheSilo = ofTheSilo,
            clocks = clocks ?? new Dictionary<string, TimeProvider>(),
        };
        foreach (var number in Enumerable.Range(0, silos))
        {
            await cluster.AddAsync(((char)('a' + number)).ToString(), devicesEach, times ?? Quick);
        }

        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == silos);
        return cluster;
    }

    public SiloSettings Settings(string node, int devices, ClusterTimes times)
    {
        var ports = FreePorts(2);
        return new SiloSettings
        {
            Node = node,
            Devices = devices == 0 ? ["none"] : [$"simulated:{devices}"],
            ClusterId = ClusterId,
            SiloPort = ports[0],
            GatewayPort = ports[1],
            HttpPort = 0,
            Primary = PrimaryPort == 0 ? "" : $"127.0.0.1:{PrimaryPort}",
            Data = Folder,
            Grace = TimeSpan.FromSeconds(10),
            SimulatedCell = TimeSpan.FromMilliseconds(10),
            Times = times,
        };
    }

    /// <summary>What this node's silo is put together of.</summary>
    public T Part<T>(string node)
        where T : notnull => hosts[node].Services.GetRequiredService<T>();

    public Task StopAsync(string node) => hosts[node].StopAsync(TestContext.Current.CancellationToken);

    public ISweepGrain Sweep(string id) => Grains.GetGrain<ISweepGrain>(id);

    public async Task<ISweepGrain> StartSweepAsync(string id, int cells)
    {
        var sweep = Sweep(id);
        await Wait.UntilStartedAsync(sweep, Record(id, cells), SweepTerms.Ordinary);
        return sweep;
    }

    public static SweepRecord Record(string id, int cells) =>
        new(new SweepId(id), id, $"simulated: {cells}", 1, DateTimeOffset.UnixEpoch, "0.1.0");

    /// <summary>Each cell has one outcome and one launch in the store, no more, no less.</summary>
    public async Task ShouldHaveEachCellOnceAsync(string id, int cells)
    {
        var sweep = new SweepId(id);
        var results = await Store.CellsAsync(sweep).ToListAsync();
        results.Select(r => r.Index).ShouldBe(Enumerable.Range(0, cells).Select(i => (long)i));
        results.ShouldAllBe(r => r.Outcome is Outcome.Completed);
        foreach (var result in results)
        {
            (await Store.LaunchesAsync(sweep, result.Id)).Count.ShouldBe(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Log.Open();
        foreach (var host in hosts.Values.Reverse())
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task AddAsync(string node, int devices, ClusterTimes times)
    {
        var settings = Settings(node, devices, times);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IResultStore>(Store);
        if (!ofTheSilo)
        {
            builder.Services.AddSingleton<ISliceRunners>(new WatchedRunners(node, Store, settings.SimulatedCell, Log));
        }

        if (clocks.TryGetValue(node, out var clock))
        {
            builder.Services.AddSingleton(clock);
        }

        builder.AddNode(settings);
        var host = builder.Build();
        hosts.Add(node, host);
        await host.StartAsync();
        (PrimaryPort, GatewayPort) =
            PrimaryPort == 0 ? (settings.SiloPort, settings.GatewayPort) : (PrimaryPort, GatewayPort);
    }

    public static int FreePort() => FreePorts(1)[0];

    /// <summary>Ports on loopback that nobody listened on a moment ago, each another.</summary>
    public static int[] FreePorts(int count)
    {
        List<TcpListener> listeners =
        [
            .. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)),
        ];
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}

/// <summary>What was run, and a gate that can hold every slice before its first cell.</summary>
internal sealed class RunLog
{
    private readonly List<(string Node, DeviceId Device, long Cell)> given = [];
    private volatile TaskCompletionSource gate = Opened();

    /// <summary>Every cell that was given to a runner, each time.</summary>
    public IReadOnlyList<(string Node, DeviceId Device, long Cell)> Given
    {
        get
        {
            lock (given)
            {
                return [.. given];
            }
        }
    }

    /// <summary>The slice that is given to a runner cannot be begun, for this reason; null: it can.</summary>
    public string? Unrunnable { get; set; }

    public void Close() => gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => gate.TrySetResult();

    public async Task PassAsync(string node, Slice slice, CancellationToken stop, CancellationToken kill)
    {
        if (Unrunnable is { } reason)
        {
            throw new NoWorkerException(reason);
        }

        lock (given)
        {
            given.AddRange(slice.Cells.Select(c => (node, slice.Device, c.Index)));
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, kill);
        await gate.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}

internal sealed class NoWorkerException(string message) : UnrunnableSliceException(message);

/// <summary>The silo's simulated runners, watched.</summary>
internal sealed class WatchedRunners(string node, IResultStore store, TimeSpan cellTime, RunLog log) : ISliceRunners
{
    public ISliceRunner For(SweepRecord sweep) =>
        new Watched(node, log, new SimulatedRunners(store, cellTime, TimeProvider.System).For(sweep));

    private sealed class Watched(string node, RunLog log, ISliceRunner inner) : ISliceRunner
    {
        public async Task<IReadOnlyList<CellTold>> RunAsync(
            Slice slice,
            DeviceInfo device,
            CancellationToken stop,
            CancellationToken kill
        )
        {
            await log.PassAsync(node, slice, stop, kill);
            return await inner.RunAsync(slice, device, stop, kill);
        }
    }
}
