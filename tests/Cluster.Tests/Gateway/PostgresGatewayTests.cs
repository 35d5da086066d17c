using Layerbench.Cli.Remote;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>A gateway over silos that share a PostgreSQL database.</summary>
public sealed class PostgresGatewayTests
{
    private const int Cells = 100;

    [Fact]
    public async Task AFollowerSeesTheEndThoughAllSilosWereKilledAndStartedElsewhere()
    {
        await using var cluster = await PostgresCluster.StartAsync("a", "b");
        using var gateway = await RunningGateway.StartAsync(
            ["--Layerbench:ClusterId=test", $"--Layerbench:Postgres={cluster.Database}"],
            TestCluster.FreePort()
        );
        using var remote = new RemoteServer(new Uri(gateway.Address), token: null, TimeProvider.System);
        var (status, _) = await remote.SubmitAsync(
            new SweepSubmission($"simulated: {Cells}", []),
            "sweep",
            CancellationToken.None
        );
        var following = remote.Events(status.Id).FollowAsync(_ => { }, _ => { }, CancellationToken.None);
        await Wait.UntilAsync(async () => (await FinishedAsync(cluster, status)) >= 10, () => gateway.Output);

        foreach (var silo in cluster.Silos.Values)
        {
            silo.Kill();
            await silo.ExitAsync();
        }

        cluster.Add("a");
        cluster.Add("b");

        (await following).End.ShouldBe(RunEnd.Finished, gateway.Output);
        (await FinishedAsync(cluster, status)).ShouldBe(Cells);
    }

    private static async Task<int> FinishedAsync(PostgresCluster cluster, SweepStatus sweep) =>
        (await cluster.Store.CellsAsync(sweep.Id).ToListAsync()).Count(c => c.Outcome is Outcome.Completed);
}
