using System.Net;

namespace Layerbench.Cluster.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task ANodeIsReadyWhenItHasJoinedAndNotWhenItIsToldToStop()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var settings = cluster.Settings("b", 1, TestCluster.Quick) with
        {
            HttpPort = TestCluster.FreePort(),
            SimulatedCell = TimeSpan.FromSeconds(3),
        };
        using var silo = SiloProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{settings.HttpPort}") };

        await Wait.UntilAsync(
            async () => await AnswerAsync(client, "/health/ready") == (HttpStatusCode.OK, "ok\n"),
            () => silo.Output
        );
        (await client.GetStringAsync("/health/live")).ShouldBe("ok\n");

        // An operator drains it: it says so and stays ready, or whoever waits for it to be ready would wait for ever.
        await cluster.Fleet.Drain("b", drain: true);
        await Wait.UntilAsync(async () =>
            await AnswerAsync(client, "/health/ready")
            == (HttpStatusCode.OK, "the node drains and takes no more work, until 'layerbench drain NODE --undo'\n")
        );
        (await client.GetStringAsync("/health/live")).ShouldBe("ok\n");
        await cluster.Fleet.Drain("b", drain: false);
        await Wait.UntilAsync(async () => await AnswerAsync(client, "/health/ready") == (HttpStatusCode.OK, "ok\n"));

        await LosesItsNameAsync(cluster, client);

        // It is told to stop in the middle of a cell: it answers until that has ended.
        var sweep = await cluster.StartSweepAsync("s", 2);
        await Wait.UntilAsync(async () => (await sweep.Progress()).InFlight > 0);
        silo.Terminate();
        await Wait.UntilAsync(async () =>
            await AnswerAsync(client, "/health/ready")
            == (HttpStatusCode.ServiceUnavailable, "the node stops and takes no more work\n")
        );
        (await client.GetStringAsync("/health/live")).ShouldBe("ok\n");
        (await silo.ExitAsync()).ShouldBe(0, silo.Output);
    }

    /// <summary>As long as another silo has the node's name, the fleet hears nothing of this one.</summary>
    private static async Task LosesItsNameAsync(TestCluster cluster, HttpClient client)
    {
        var nodes = await cluster.Fleet.Nodes();
        var own = nodes.Single(n => n.Node.Name == "b").Node;
        var other = own with { Silo = nodes.Single(n => n.Node.Name == "a").Node.Silo };
        await Wait.UntilAsync(async () =>
        {
            await cluster.Fleet.Leave("b", own.Silo);
            if ((await cluster.Fleet.Heartbeat(other)).NameTaken is not null)
            {
                return false; // its own heartbeat came first
            }

            return await AnswerAsync(client, "/health/ready")
                == (
                    HttpStatusCode.ServiceUnavailable,
                    "the node has not joined the cluster, or the cluster hears of it no more\n"
                );
        });
        await cluster.Fleet.Leave("b", other.Silo);
        await Wait.UntilAsync(async () => await AnswerAsync(client, "/health/ready") == (HttpStatusCode.OK, "ok\n"));
    }

    private static async Task<(HttpStatusCode Status, string Text)?> AnswerAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null; // it does not listen yet
        }
    }
}
