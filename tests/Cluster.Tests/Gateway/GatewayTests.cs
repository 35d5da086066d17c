using System.Net;
using System.Text.Json;
using Layerbench.Cli;
using Layerbench.Cli.Remote;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>The gateway's program over real silos, and the command over it.</summary>
public sealed class GatewayTests
{
    private const int Cells = 200;

    [Fact]
    public async Task ASweepIsWatchedToItsEndThoughASiloIsKilled()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        var settings = cluster.Settings("b", 2, TestCluster.Quick);
        using var killed = SiloProcess.Start(settings with { SimulatedCell = TimeSpan.FromMilliseconds(50) });
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => killed.Output);
        using var gateway = await RunningGateway.StartAsync(cluster, settings.GatewayPort);
        var file = Path.Combine(cluster.Folder, "sweep.yaml");
        await File.WriteAllTextAsync(file, $"simulated: {Cells}");

        var submitted = await RunAsync("submit", file, "--server", gateway.Address, "--name", "k");
        var id = new SweepId(submitted.Output.Trim());
        var watching = RunAsync("watch", id.Value, "--server", gateway.Address, "--json");
        await Wait.UntilAsync(async () => await FinishedBy(cluster, id, "b/") > 0, () => gateway.Output);
        killed.Kill();

        var watched = await watching;
        watched.Code.ShouldBe(ExitCode.Done, watched.Error + gateway.Output);
        var events = watched
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        events[0].GetProperty("event").GetString().ShouldBe("sweep_started");
        events[^1].GetProperty("event").GetString().ShouldBe("sweep_ended");
        events[^1].GetProperty("outcomes").GetProperty("completed").GetInt64().ShouldBe(Cells);
        await cluster.ShouldHaveEachCellOnceAsync(id.Value, Cells);
        var csv = await RunAsync("results", id.Value, "--server", gateway.Address, "--csv");
        var rule = SweepFile.RuleOf((await cluster.Store.SweepsAsync()).Single(s => s.Id == id).Spec);
        using var here = new StringWriter();
        await ResultExport.WriteCsvAsync(here, cluster.Store, id, rule);
        csv.Output.ShouldBe(here.ToString());
        var status = await RunAsync("status", id.Value, "--server", gateway.Address);
        status.Output.ShouldStartWith($"{id}: finished, {Cells} of {Cells} cells done\n");
        await Wait.UntilAsync(
            async () => (await RunAsync("nodes", "--server", gateway.Address)).Output.Contains("lost since "),
            () => gateway.Output
        );
        var nodes = await RunAsync("nodes", "--server", gateway.Address);
        nodes.Output.ShouldContain("b: is lost, with its 2 simulated devices; look at its log and start it again, ");
        (await RunAsync("status", "--server", gateway.Address)).Output.ShouldContain("node b: lost, last heard of at ");
        // Whoever took it away for good says so, and it is missed no more.
        (await RunAsync("drain", "b", "--server", gateway.Address)).Code.ShouldBe(ExitCode.Done);
        (await RunAsync("nodes", "--server", gateway.Address)).Output.ShouldNotContain("lost since ");
    }

    [Fact]
    public async Task AGatewayThatIsKilledAndStartedAgainIsFoundAgain()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        cluster.Log.Close();
        var first = await RunningGateway.StartAsync(cluster);
        using var remote = new RemoteServer(new Uri(first.Address), token: null, TimeProvider.System);
        var (status, _) = await remote.SubmitAsync(
            new SweepSubmission($"simulated: {Cells}", []),
            "sweep",
            CancellationToken.None
        );
        var seen = new List<EngineEvent>();
        var said = new List<string>();
        var following = remote.Events(status.Id).FollowAsync(Add(seen), Add(said), CancellationToken.None);
        await Wait.UntilAsync(() => Task.FromResult(Count(seen) > 0));

        first.Process.Kill();
        await first.Process.ExitAsync();
        first.Dispose();
        await Wait.UntilAsync(() => Task.FromResult(Count(said) > 0));
        cluster.Log.Open();
        using var second = await RunningGateway.StartAsync(cluster, port: first.Port);

        (await following).End.ShouldBe(RunEnd.Finished);
        // Its coordinator remembers: nothing was missed, and nothing came twice.
        seen.OfType<EngineEvent.CellFinished>()
            .Select(e => e.Result.Index)
            .Order()
            .ShouldBe(Enumerable.Range(0, Cells).Select(i => (long)i));
        said.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TheSameTextFromManyAtOnceIsOneSweepWhoseReportEveryGatewayMakes()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 1);
        using var gateway = await RunningGateway.StartAsync(cluster);
        using var remote = new RemoteServer(new Uri(gateway.Address), token: null, TimeProvider.System);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    remote.SubmitAsync(new SweepSubmission("simulated: 20", []), "sweep", CancellationToken.None)
                )
        );

        answers.Select(a => a.Status.Id).Distinct().Count().ShouldBe(1);
        answers.Count(a => a.IsNew).ShouldBe(1);
        (await cluster.Store.SweepsAsync()).Count.ShouldBe(1);
        await remote.Events(answers[0].Status.Id).FollowAsync(_ => { }, _ => { }, CancellationToken.None);
        await cluster.ShouldHaveEachCellOnceAsync(answers[0].Status.Id.Value, 20);
        using var other = await RunningGateway.StartAsync(cluster);
        using var client = new HttpClient();
        var reports = new List<string>();
        foreach (var each in (RunningGateway[])[gateway, other])
        {
            using var report = await client.PostAsync(
                $"{each.Address}/api/v1/sweeps/{answers[0].Status.Id}/report.html",
                content: null
            );
            report.StatusCode.ShouldBe(HttpStatusCode.OK, each.Output);
            reports.Add(await report.Content.ReadAsStringAsync());
        }

        reports[0].ShouldContain("20 cells");
        reports[1].ShouldBe(reports[0]);
    }

    [Fact]
    public async Task ASweepFileIsCheckedAgainstWhatTheNodesHave()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 1, ofTheSilo: true);
        using var gateway = await RunningGateway.StartAsync(cluster, arguments: ["--Layerbench:Limits:Cells=10"]);
        var file = Path.Combine(cluster.Folder, "sweep.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            name: checked
            variants: [{variant: sim.cots, label: a}, {variant: sim.cost, label: b}]
            backend: simulated
            axes:
              replicate: { range: { from: 1, to: 4 } }
            measure: { launches: many }
            controls: { same: 0, slower: 0 }
            """
        );

        var rejected = await RunAsync("submit", file, "--server", gateway.Address);
        string[] mended = ["--set", "variants.0.variant=sim.noop", "--set", "measure.launches=2"];
        var many = await RunAsync([
            "submit",
            file,
            "--server",
            gateway.Address,
            .. mended,
            "--set",
            "axes.replicate.range.to=40",
        ]);
        var ran = await RunAsync(["run", file, "--cluster", "--server", gateway.Address, .. mended]);

        rejected.Code.ShouldBe(ExitCode.BadInput);
        rejected.Error.ShouldContain($"error: {file}:2:22: variants[0].variant: ");
        rejected.Error.ShouldContain($"error: {file}:6:22: measure.launches: ");
        many.Code.ShouldBe(ExitCode.BadInput);
        many.Error.ShouldContain("cells, and this server takes 10 at most (Limits:Cells)");
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        ran.Output.ShouldContain("simulated: these numbers were computed");
    }

    [Fact]
    public async Task WithoutAClusterRequestsAreToldToComeAgain()
    {
        var folder = Directory.CreateTempSubdirectory("layerbench-gateway-").FullName;
        var port = TestCluster.FreePort();
        using var gateway = SiloProcess.StartGateway(
            $"--urls=http://127.0.0.1:{port}",
            $"--Layerbench:Data={folder}",
            $"--Layerbench:Silos:0=127.0.0.1:{TestCluster.FreePort()}",
            "--Layerbench:Patience=00:00:01"
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Wait.UntilAsync(
            async () => await RunningGateway.AnswersAsync(client, "/health/live"),
            () => gateway.Output
        );

        using var answer = await client.GetAsync("/api/v1/nodes");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("the cluster did not answer within 1 s");
        (await client.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        gateway.Terminate();
        await gateway.ExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task SettingsThatAreWrongAreAllNamedAtOnce()
    {
        using var gateway = SiloProcess.StartGateway(
            "--urls=http://0.0.0.0:8080",
            "--Layerbench:Silos:0=here",
            "--Layerbench:Patience=00:00:00",
            "--Layerbench:Limits:Cells=0"
        );

        (await gateway.ExitAsync()).ShouldBe(2);
        gateway.Output.ShouldContain("Layerbench:Silos: 'here' is no address with a port");
        gateway.Output.ShouldContain("Layerbench:Data: is missing");
        gateway.Output.ShouldContain("Layerbench:Patience: 00:00:00 is not from 1 second");
        gateway.Output.ShouldContain("Layerbench:Limits:Cells: 0 is below 1");
        gateway.Output.ShouldContain("Layerbench:Tokens: is missing, and http://0.0.0.0:8080 can be reached");
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(arguments);

    private static async Task<int> FinishedBy(TestCluster cluster, SweepId sweep, string device) =>
        (await cluster.Store.CellsAsync(sweep).ToListAsync()).Count(c =>
            c.Device!.Value.Value.StartsWith(device, StringComparison.Ordinal)
        );

    private static Action<T> Add<T>(List<T> list) =>
        one =>
        {
            lock (list)
            {
                list.Add(one);
            }
        };

    private static int Count<T>(List<T> list)
    {
        lock (list)
        {
            return list.Count;
        }
    }
}
