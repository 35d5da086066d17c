using System.Diagnostics;
using System.Globalization;

namespace Layerbench.Cluster.Tests;

/// <summary>Silos that share a PostgreSQL database, and are lost.</summary>
public sealed class PostgresClusterTests
{
    private const int Cells = 200;

    [Fact]
    public async Task TheFirstSiloCanBeKilledAndTheOtherGoesOn()
    {
        await using var cluster = await PostgresCluster.StartAsync("a", "b");
        await cluster.StartSweepAsync(Cells);
        await cluster.UntilFinishedAsync(10);
        var killed = (await cluster.Fleet.Nodes()).Single(n => n.Node.Name == "a").Node;

        var since = Stopwatch.GetTimestamp();
        cluster.Silos["a"].Kill();

        (await cluster.Silos["a"].ExitAsync()).ShouldBe(137);
        await cluster.UntilFinishedAsync(Cells);
        await cluster.ShouldHaveEachCellOnceAsync(Cells);
        await cluster.UntilDeadAsync(1);
        Say("the sweep is done and the silo declared dead", since);
        await cluster.UntilNodesAsync("b");
        await Wait.UntilDoneAsync(cluster.Sweep);
        // As one says that was only cut off, and does not know yet that it was given up.
        (
            await Should.ThrowAsync<InvalidOperationException>(() => cluster.Fleet.Heartbeat(killed))
        ).Message.ShouldContain($"Silo {killed.Silo} was declared dead");
    }

    [Fact]
    public async Task SilosThatWereAllKilledAtOnceComeBackOnOtherPortsAndGoOn()
    {
        await using var cluster = await PostgresCluster.StartAsync("a", "b");
        await cluster.StartSweepAsync(Cells);
        await cluster.UntilFinishedAsync(10);

        foreach (var silo in cluster.Silos.Values)
        {
            silo.Kill();
            await silo.ExitAsync();
        }

        var since = Stopwatch.GetTimestamp();
        cluster.Add("a");
        cluster.Add("b");

        await cluster.ConnectAsync();
        await cluster.UntilNodesAsync("a", "b");
        Say("both nodes are back", since);
        await cluster.UntilFinishedAsync(Cells);
        await cluster.ShouldHaveEachCellOnceAsync(Cells);
    }

    [Fact]
    public async Task OfThreeSilosOneThatHangsIsTakenOutByTheOthers()
    {
        await using var cluster = await PostgresCluster.StartAsync("a", "b", "c");
        await cluster.StartSweepAsync(2 * Cells);
        await cluster.UntilFinishedAsync(10);

        var since = Stopwatch.GetTimestamp();
        cluster.Silos["b"].Signal("STOP");

        await cluster.UntilDeadAsync(1);
        Say("a silo that hangs is declared dead", since);
        await cluster.UntilFinishedAsync(2 * Cells);
        await cluster.ShouldHaveEachCellOnceAsync(2 * Cells);
        await cluster.UntilNodesAsync("a", "c");
        // Woken, it finds that it was declared dead, and ends.
        cluster.Silos["b"].Signal("CONT");
        (await cluster.Silos["b"].ExitAsync()).ShouldNotBe(0);
        await cluster.ShouldHaveEachCellOnceAsync(2 * Cells);
    }

    [Fact]
    public async Task SettingsOfPostgresThatAreWrongAreAllNamedAtOnce()
    {
        using var silo = SiloProcess.Start(
            "--Layerbench:Postgres=Database=layerbench;Password=secret",
            "--Layerbench:Data=/tmp/x",
            "--Layerbench:Primary=127.0.0.1:11111",
            "--Layerbench:Address=0.0.0.0"
        );

        (await silo.ExitAsync()).ShouldBe(2);
        silo.Output.ShouldContain("Layerbench:Postgres: the connection string of PostgreSQL names no server");
        silo.Output.ShouldContain("Layerbench:Data: '/tmp/x' has no meaning with Postgres");
        silo.Output.ShouldContain("Layerbench:Primary: '127.0.0.1:11111' has no meaning with Postgres");
        silo.Output.ShouldContain("Layerbench:Address: '0.0.0.0' is no address of a machine");
        silo.Output.ShouldNotContain("secret");
    }

    [Fact]
    public async Task AnAddressOfTheNetworkNeedsPostgres()
    {
        using var silo = SiloProcess.Start("--Layerbench:Data=/tmp/x", "--Layerbench:Address=10.0.0.7");

        (await silo.ExitAsync()).ShouldBe(2);
        silo.Output.ShouldContain("Layerbench:Address: '10.0.0.7' is not loopback");
    }

    [Fact]
    public async Task ADatabaseThatLetsNobodyInIsOneErrorAndNoStackTrace()
    {
        await using var server = await Layerbench.Tests.Shared.PostgresServer.StartAsync();
        var wrong = server.ConnectionString("nowhere");

        using var silo = SiloProcess.Start(
            "--Layerbench:Node=a",
            $"--Layerbench:SiloPort={TestCluster.FreePort()}",
            $"--Layerbench:GatewayPort={TestCluster.FreePort()}",
            "--Layerbench:HttpPort=0",
            "--Layerbench:Devices:0=simulated:1",
            "--Layerbench:Postgres=" + wrong
        );

        (await silo.ExitAsync()).ShouldBe(2);
        silo.Output.ShouldContain(
            $"layerbench-silo: 'bench@127.0.0.1:{server.Port}/nowhere': there is no database 'nowhere'"
        );
        silo.Output.ShouldNotContain("   at ");
    }

    private static void Say(string what, long since) =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what} after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s"
            )
        );
}
