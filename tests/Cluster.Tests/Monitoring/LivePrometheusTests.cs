using Layerbench.Cli.Remote;
using Layerbench.Core.Engines;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Postgres;
using Layerbench.LocalCluster.Records;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <summary>A cluster at work, a Prometheus that scrapes it, and what people would see of it.</summary>
public sealed class LivePrometheusTests
{
    /// <summary>Panels that need what this machine lacks.</summary>
    private static readonly Dictionary<string, string> empty = new()
    {
        ["layerbench / Fleet: Power"] = "a GPU",
        ["layerbench / Fleet: Clock"] = "a GPU",
        ["layerbench / Fleet: Memory"] = "a GPU",
        ["layerbench / Fleet: Slowed down"] = "a GPU",
        ["layerbench / Fleet: Utilisation (DCGM)"] = "a GPU and DCGM's exporter",
        ["layerbench / Trust: Slowed down"] = "a GPU",
    };

    /// <summary>Of 110 cells, ten of them controls, some kill their workers now and then, and none for good.</summary>
    private const string Usual = """
        name: usual
        variants:
          - {variant: sim.cost, label: base, with: {cost_us: 100}}
          - {variant: sim.cost, label: other, with: {cost_us: 87}}
        backend: simulated
        axes: {replicate: {range: {from: 1, to: 100}}, fault: crash, fault_rate: 0.02}
        measure: {launches: 6, memory_launches: 1, blocks: 5}
        controls: {same: 5%, slower: 5%}
        """;

    [Fact]
    public async Task EveryPanelShowsSomethingNoAlertFiresWithoutACauseAndThoseThatHaveOneDo()
    {
        Assert.SkipWhen(PostgresPrograms.Find() is null, PostgresPrograms.Repair);
        MonitoringTool.Need("prometheus");
        var folder = new ClusterFolder(Path.Combine(Path.GetTempPath(), $"layerbench-live-{Guid.NewGuid():N}"));
        var programs = ClusterPrograms.Require(AppContext.BaseDirectory, missingFeatures: "");
        var start = new ClusterStart(folder, programs, _ => { }, TimeProvider.System);
        var ports = TestCluster.FreePorts(2);
        var plan = new ClusterPlan
        {
            Silos = 2,
            Simulated = 2,
            Port = ports[0],
            // Beside those of another run of the tests, and of this one's other clusters.
            PortsFrom = (Environment.ProcessId % 80 * 20) + 10,
            SiloSettings = new Dictionary<string, string>
            {
                ["Times__Lease"] = "00:00:06",
                ["Times__Heartbeat"] = "00:00:01",
                ["Times__NodeTimeout"] = "00:00:05",
                // Shorter than it takes to give up a silo that stands still.
                ["Times__Call"] = "00:00:01",
                ["SimulatedCell"] = "00:00:00.050",
            },
            SiloEnvironment = new Dictionary<string, string>
            {
                ["LAYERBENCH_PYTHON"] = "/nowhere/python",
                ["LAYERBENCH_TORCHSHARP"] = "none",
            },
        };
        try
        {
            var record = await start.UpAsync(plan, TestContext.Current.CancellationToken);
            using var prometheus = await LivePrometheus.StartAsync(
                ports[1],
                [.. record.Silos.Select(s => s.Ports.Http)],
                record.Port
            );
            using var remote = new RemoteServer(
                new Uri($"http://127.0.0.1:{record.Port}"),
                token: null,
                TimeProvider.System
            );

            await ShowsEverythingAsync(prometheus, remote, record);
            await prometheus.ShortenAlertsAsync();
            using var parts = new ClusterParts(folder, programs, TimeProvider.System);
            await AlertsAsync(new AlertCauses(prometheus, remote, parts));
        }
        finally
        {
            if (folder.Read() is not null)
            {
                await new ClusterStop(folder, programs, _ => { }, TimeProvider.System).DownAsync(wipe: true);
            }
        }
    }

    private static async Task ShowsEverythingAsync(LivePrometheus prometheus, RemoteServer remote, ClusterRecord record)
    {
        foreach (var port in record.Silos.Select(s => s.Ports.Http).Append(record.Port))
        {
            await Wait.UntilAsync(() => prometheus.HasShownAsync($"up{{instance=\"127.0.0.1:{port}\"}} == 1"));
        }

        await SubmitAsync(remote, Usual);
        var left = DashboardPanels.All().ToList();
        left.RemoveAll(p => empty.ContainsKey(p.ToString())).ShouldBe(empty.Count);
        left.Count.ShouldBeGreaterThan(40);
        await Wait.UntilAsync(
            async () =>
            {
                foreach (var panel in left.ToList())
                {
                    var shown = await Task.WhenAll(panel.Expressions.Select(prometheus.HasShownAsync));
                    if (shown.All(s => s))
                    {
                        left.Remove(panel);
                    }
                }

                return left.Count == 0;
            },
            () => string.Join('\n', left)
        );
        (await prometheus.FiringAsync()).ShouldBeEmpty();
        using var client = new HttpClient();
        foreach (var port in record.Silos.Select(s => s.Ports.Http).Append(record.Port))
        {
            var text = await client.GetStringAsync(
                $"http://127.0.0.1:{port}/metrics",
                TestContext.Current.CancellationToken
            );
            (await MonitoringTool.LintAsync(text)).ShouldBeEmpty();
        }
    }

    private static async Task AlertsAsync(AlertCauses causes)
    {
        await causes.QuietAsync();
        await causes.NoDeviceMayAsync();
        var biased = await causes.BeginBiasedSweepAsync();
        await causes.CellsFailAsync();
        var sweep = await causes.BeginLongSweepAsync();
        await causes.CommitsWaitAsync();
        await causes.IdenticalCodeDiffersAsync(biased);
        await causes.ResultsAreToldTwiceAsync(sweep);
        await causes.ASiloDiesAsync(sweep);
        await causes.NoSiloIsLeftAsync();
    }

    private static async Task SubmitAsync(RemoteServer remote, string text) =>
        await remote.SubmitAsync(new SweepSubmission(text, []), "sweep", CancellationToken.None);
}
