using Layerbench.Cli;
using Layerbench.Cluster.Tests.Gateway;
using Layerbench.Engine.Launches;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests;

/// <summary>A cluster of two versions, as it is in the middle of an upgrade.</summary>
public sealed class VersionTests
{
    private const int Cells = 40;
    private const string Other = "9.9.9";

    [Fact]
    public async Task ASiloOfAnotherVersionGetsNoWorkAndAGatewayOfAnotherTakesNone()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        using var silo = SiloProcess.Start(
            cluster.Settings("b", 1, TestCluster.Quick),
            new Dictionary<string, string> { ["Layerbench__Version"] = Other }
        );
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => silo.Output);
        using var gateway = await RunningGateway.StartAsync(cluster);
        using var newer = await RunningGateway.StartAsync(cluster, arguments: [$"--Layerbench:Version={Other}"]);
        var file = Path.Combine(cluster.Folder, "sweep.yaml");
        await File.WriteAllTextAsync(file, $"simulated: {Cells}");

        var nodes = await CommandRun.OfAsync("nodes", "--server", gateway.Address);
        var refused = await CommandRun.OfAsync("submit", file, "--server", newer.Address);
        var ran = await CommandRun.OfAsync("run", file, "--cluster", "--server", gateway.Address);

        nodes.Output.ShouldContain(
            $"b: is layerbench {Other}, and most devices of the fleet are of {Product.Version}, with which new sweeps are planned: "
                + "it is not given their work; install that version"
        );
        refused.Code.ShouldBe(ExitCode.BadInput);
        refused.Error.ShouldContain(
            $"this gateway is layerbench {Other}, and most devices of the fleet are of {Product.Version}"
        );
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        var sweep = (await cluster.Store.SweepsAsync()).ShouldHaveSingleItem();
        await cluster.ShouldHaveEachCellOnceAsync(sweep.Id.Value, Cells);
        (await cluster.Store.CellsAsync(sweep.Id).ToListAsync())
            .Select(c => c.Device!.Value.Value.Split('/')[0])
            .Distinct()
            .ShouldBe(["a"]);
    }
}
