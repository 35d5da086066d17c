using System.Globalization;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests;

/// <summary>Silos that are taken for one another.</summary>
public sealed class NodeNameTests
{
    [Fact]
    public async Task ASecondSiloOfANodesNameEndsWithTheReasonAndTheFirstOnesDevicesWorkOn()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        var first = (await cluster.Fleet.Nodes()).Single().Node.Silo;

        using var second = SiloProcess.Start(cluster.Settings("a", 2, TestCluster.Quick));

        (await second.ExitAsync().WaitAsync(Wait.Deadline)).ShouldBe(2, second.Output);
        second.Output.ShouldContain($"layerbench-silo: the node name 'a' is taken by silo {first}");
        second.Output.ShouldNotContain("   at ");
        var sweep = await cluster.StartSweepAsync("s", 10);
        await Wait.UntilDoneAsync(sweep);
        cluster.Log.Given.Select(g => g.Node).Distinct().ShouldBe(["a"]);
    }

    /// <summary>Both machines left the setting at its default, and a silo that joined in the other's place would end it.</summary>
    [Fact]
    public async Task ASiloDoesNotTakeTheEndpointOfOneThatLivesOnAnotherMachine()
    {
        await using var cluster = await PostgresCluster.OverAsync(await PostgresServer.SharedAsync());
        var ports = TestCluster.FreePorts(2);
        // Seen in an hour too: a busy machine may take long to start a process.
        await PostgresServer.AskAsync(
            cluster.Database,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO layerbench.OrleansMembershipVersionTable (DeploymentId) VALUES ('test');
                INSERT INTO layerbench.OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName,
                  Status, ProxyPort, StartTime, IAmAliveTime, SeenAt)
                VALUES ('test', '127.0.0.1', {ports[0]}, 1, 'b', 'elsewhere', 3, {ports[1]}, now(), now(),
                  now() + interval '1 hour');
                SELECT 1
                """
            )
        );

        using var silo = SiloProcess.Start(
            "--Layerbench:Node=a",
            "--Layerbench:ClusterId=test",
            string.Create(CultureInfo.InvariantCulture, $"--Layerbench:SiloPort={ports[0]}"),
            string.Create(CultureInfo.InvariantCulture, $"--Layerbench:GatewayPort={ports[1]}"),
            "--Layerbench:HttpPort=0",
            "--Layerbench:Devices:0=simulated:1",
            "--Layerbench:Postgres=" + cluster.Database
        );

        (await silo.ExitAsync().WaitAsync(Wait.Deadline)).ShouldBe(2, silo.Output);
        silo.Output.ShouldContain(
            $"layerbench-silo: Layerbench:Address: 127.0.0.1:{ports[0]} is also the address of a silo on machine 'elsewhere'"
        );
    }
}
