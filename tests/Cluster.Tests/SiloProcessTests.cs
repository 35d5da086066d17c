using Layerbench.Core;
using Layerbench.Grains;
using Orleans.Runtime.Placement;

namespace Layerbench.Cluster.Tests;

public sealed class SiloProcessTests
{
    // So many that the silo of this process does not do them all before the other has begun.
    private const int Cells = 600;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASiloThatIsKilledLosesNothingAndDoublesNothing(bool coordinatorDies)
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        using var killed = await JoinAsync(cluster, cellMilliseconds: 100);
        var sweep = await StartAsync(cluster, coordinatorDies ? "b" : "a");
        await Wait.UntilAsync(async () => (await BusyOn(cluster, "b")) == 2 && await FinishedBy(cluster, "b/") > 0);

        killed.Kill();

        (await killed.ExitAsync()).ShouldBe(137);
        var finishedByDead = await FinishedBy(cluster, "b/");
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", Cells);
        // What the dead silo had finished stays its own; all the rest is a's.
        (await FinishedBy(cluster, "b/")).ShouldBe(finishedByDead);
        (await FinishedBy(cluster, "a/")).ShouldBe(Cells - finishedByDead);
        // Slices of the survivor were let be, also where the one who gave them out is gone: none of its cells was given out twice.
        cluster.Log.Given.Select(g => g.Cell).ShouldBeUnique();

        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 1);
    }

    [Fact]
    public async Task ASiloThatIsToldToStopEndsItsSlicesAndExitsWith0()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 1);
        using var stopped = await JoinAsync(cluster, cellMilliseconds: 20);
        var sweep = await StartAsync(cluster, "a");
        await Wait.UntilAsync(async () => await FinishedBy(cluster, "b/") > 0);

        stopped.Terminate();

        (await stopped.ExitAsync()).ShouldBe(0, stopped.Output);
        (await cluster.Fleet.Nodes()).Select(n => n.Node.Name).ShouldBe(["a"]);
        // Nothing is left to expire: b has told of all it had.
        var finishedByStopped = await FinishedBy(cluster, "b/");
        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", Cells);
        cluster.Log.Given.Count.ShouldBe(Cells - finishedByStopped);
    }

    [Fact]
    public async Task SettingsThatAreWrongAreAllNamedAtOnce()
    {
        using var silo = SiloProcess.Start(
            "--Layerbench:Node=a/b",
            "--Layerbench:Devices:0=gpu:0",
            "--Layerbench:SiloPort=0",
            "--Layerbench:HttpPort=30000",
            "--Layerbench:HttpAddress=everywhere",
            "--Layerbench:Primary=nowhere",
            "--Layerbench:Times:Heartbeat=00:01:00"
        );

        (await silo.ExitAsync()).ShouldBe(2);
        silo.Output.ShouldContain("Layerbench:Node: 'a/b' is empty or has a slash");
        silo.Output.ShouldContain("Layerbench:Devices: 'gpu:0' names no device of this machine; it has cpu");
        silo.Output.ShouldContain("Layerbench:SiloPort: 0 is no port");
        silo.Output.ShouldContain("Layerbench:HttpPort: 30000 is the silo's or the gateway's port as well");
        silo.Output.ShouldContain("Layerbench:HttpAddress: 'everywhere' is no address");
        silo.Output.ShouldContain("Layerbench:Primary: 'nowhere' is no address with a port");
        silo.Output.ShouldContain("Layerbench:Data: is missing");
        silo.Output.ShouldContain("Layerbench:Times:Heartbeat: 00:01:00 is not below NodeTimeout");
    }

    [Fact]
    public async Task ASettingThatIsUnknownOrOfAnotherKindIsNamed()
    {
        using var unknown = SiloProcess.Start("--Layerbench:Nod=a");
        using var noNumber = SiloProcess.Start("--Layerbench:SiloPort=many");

        (await unknown.ExitAsync()).ShouldBe(2);
        unknown.Output.ShouldContain("'Nod'");
        (await noNumber.ExitAsync()).ShouldBe(2);
        noNumber.Output.ShouldContain("Layerbench:SiloPort");
    }

    [Fact]
    public async Task ASecondSiloOnTheSamePortsIsRefused()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);

        using var second = SiloProcess.Start(
            cluster.Settings("b", 1, TestCluster.Quick) with
            {
                SiloPort = cluster.PrimaryPort,
            }
        );

        (await second.ExitAsync()).ShouldBe(2);
        second.Output.ShouldContain($"Layerbench:SiloPort: {cluster.PrimaryPort} cannot be listened on");
    }

    [Fact]
    public async Task TheCellsOfASiloThatIsGoneAreNotWaitedForUntilItsLeasesExpire()
    {
        var times = TestCluster.Quick with { Lease = TimeSpan.FromMinutes(30) };
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2, times);
        using var killed = await JoinAsync(cluster, cellMilliseconds: 100, times);
        var sweep = await StartAsync(cluster, "a");
        await Wait.UntilAsync(async () => (await BusyOn(cluster, "b")) == 2);

        killed.Kill();

        await Wait.UntilDoneAsync(sweep);
        await cluster.ShouldHaveEachCellOnceAsync("s", Cells);
    }

    private static async Task<SiloProcess> JoinAsync(
        TestCluster cluster,
        int cellMilliseconds,
        ClusterTimes? times = null
    )
    {
        var settings = cluster.Settings("b", 2, times ?? TestCluster.Quick);
        var process = SiloProcess.Start(settings with { SimulatedCell = TimeSpan.FromMilliseconds(cellMilliseconds) });
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => process.Output);
        return process;
    }

    /// <summary>Starts the sweep with its grain on this node's silo.</summary>
    private static async Task<ISweepGrain> StartAsync(TestCluster cluster, string coordinator)
    {
        var node = (await cluster.Fleet.Nodes()).Single(n => n.Node.Name == coordinator).Node;
        RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(node.Silo));
        var sweep = cluster.Sweep("s");
        await Should.ThrowAsync<InvalidOperationException>(sweep.Progress);
        RequestContext.Clear();
        (await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(sweep))!
            .ToParsableString()
            .ShouldBe(node.Silo);
        return await cluster.StartSweepAsync("s", Cells);
    }

    private static async Task<int> BusyOn(TestCluster cluster, string node) =>
        (await cluster.Fleet.Nodes()).Where(n => n.Node.Name == node).Sum(n => n.Busy.Count);

    private static async Task<int> FinishedBy(TestCluster cluster, string device) =>
        (await cluster.Store.CellsAsync(new SweepId("s")).ToListAsync()).Count(c =>
            c.Device!.Value.Value.StartsWith(device, StringComparison.Ordinal)
        );
}
