using System.Net;
using System.Net.Http.Json;
using Layerbench.Cli.Remote;
using Layerbench.Core.Engines;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>What is not there yet, or not for a while, is waited for, and then said.</summary>
public sealed class WaitingTests
{
    private const int Cells = 100;

    [Fact]
    public async Task ASubmissionWaitsForTheFirstNodeToTellWhatItCanRun()
    {
        var rarely = TestCluster.Quick with
        {
            Heartbeat = TimeSpan.FromMinutes(20),
            NodeTimeout = TimeSpan.FromMinutes(30),
        };
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0, rarely);
        await Wait.UntilAsync(async () => (await cluster.Fleet.Catalog()).Backends.Count > 0);
        var node = (await cluster.Fleet.Nodes()).Single().Node;
        await cluster.Fleet.Leave(node.Name, node.Silo);
        using var impatient = await RunningGateway.StartAsync(cluster, arguments: ["--Layerbench:Patience=00:00:01"]);
        using var patient = await RunningGateway.StartAsync(cluster, arguments: ["--Layerbench:Patience=00:02:00"]);
        using var asked = new HttpClient { BaseAddress = new Uri(impatient.Address) };
        using var remote = new RemoteServer(new Uri(patient.Address), token: null, TimeProvider.System);
        var submission = new SweepSubmission("name: x\nvariants: [sim.noop]\nbackend: simulated", []);

        var waiting = remote.SubmitAsync(submission, "sweep", CancellationToken.None);
        using var answer = await asked.PostAsJsonAsync("/api/v1/sweeps", new { text = submission.Text });

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("no node has told what it can run within 1 s");
        waiting.IsCompleted.ShouldBeFalse();
        await cluster.Fleet.Heartbeat(node);
        (await waiting).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task ADatabaseThatIsDownAtTheStartAndInTheMiddleIsWaitedForAndNothingIsLost()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await PostgresCluster.OverAsync(server);
        server.Stop();
        cluster.Add("a");
        var port = TestCluster.FreePort();
        using var gateway = SiloProcess.StartGateway(
            $"--urls=http://127.0.0.1:{port}",
            "--Layerbench:ClusterId=test",
            $"--Layerbench:Postgres={cluster.Database}"
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        server.Start();
        await cluster.ConnectAsync();
        await cluster.UntilNodesAsync("a");
        await Wait.UntilAsync(() => RunningGateway.AnswersAsync(client, "/health"), () => gateway.Output);
        using var remote = new RemoteServer(client.BaseAddress, token: null, TimeProvider.System);

        var (status, _) = await remote.SubmitAsync(
            new SweepSubmission($"simulated: {Cells}", [], Name: "s"),
            "sweep",
            CancellationToken.None
        );
        var following = remote.Events(status.Id).FollowAsync(_ => { }, _ => { }, CancellationToken.None);
        await Wait.UntilAsync(async () => (await CountAsync(cluster, status)) >= 10, () => gateway.Output);
        server.Stop();
        using var meanwhile = await client.GetAsync("/health/live");
        server.Start();

        meanwhile.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await following).End.ShouldBe(RunEnd.Finished, gateway.Output + cluster.Silos["a"].Output);
        (await CountAsync(cluster, status)).ShouldBe(Cells);
        await cluster.ShouldHaveEachCellOnceAsync(Cells, status.Id);
    }

    private static async Task<long> CountAsync(PostgresCluster cluster, SweepStatus sweep) =>
        (await cluster.Store.CountsAsync(sweep.Id)).GetValueOrDefault("completed");
}
