using Layerbench.Core;
using Orleans.Core.Internal;
using Orleans.Runtime.Placement;

namespace Layerbench.Cluster.Tests;

/// <summary>The silo that has the fleet's grain is killed.</summary>
public sealed class LostFleetTests
{
    private static readonly DeviceKey device = new("x", new DeviceId("simulated:0"));

    [Fact]
    public async Task SharesGoOnWhereTheyWere()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var a = (await cluster.Fleet.Nodes()).Single().Node.Silo;
        using var killed = SiloProcess.Start(cluster.Settings("b", 0, TestCluster.Quick));
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => killed.Output);
        var b = (await cluster.Fleet.Nodes()).Single(n => n.Node.Name == "b").Node.Silo;
        await MoveAsync(cluster, b);
        var node = new NodeInfo(device.Node, a, [new DeviceInfo(device.Device, "simulated", "m", [], 1)]);
        await cluster.Fleet.Activate(Sweep("ann", 0));
        await cluster.Fleet.Activate(Sweep("bob", 1));
        (await OrderAsync(cluster)).ShouldBe(["ann", "bob"]);
        await Wait.UntilAsync(async () =>
        {
            // Ann has a device for a moment, and so bob is next.
            await cluster.Fleet.Heartbeat(node);
            await cluster.Fleet.Busy(device, new SweepId("ann"));
            await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Any(n => n.Busy.Count > 0));
            await cluster.Fleet.Ask(device);
            return (await OrderAsync(cluster)) is ["bob", "ann"];
        });
        await Wait.UntilAsync(() =>
            Task.FromResult(Directory.GetFiles(Path.Combine(cluster.Folder, "grains")).Any(IsOfAnn))
        );

        killed.Kill();

        await Wait.UntilAsync(async () =>
        {
            try
            {
                return (await OrderAsync(cluster)) is ["bob", "ann"] && await AddressAsync(cluster) == a;
            }
            catch (Exception error) when (Unanswered.Is(error))
            {
                return false;
            }
        });
    }

    private static bool IsOfAnn(string file) =>
        Path.GetFileName(file).StartsWith("shares", StringComparison.Ordinal)
        && file.EndsWith(".json", StringComparison.Ordinal)
        && File.ReadAllText(file).Contains("ann", StringComparison.Ordinal);

    private static ActiveSweep Sweep(string name, int second) =>
        new(new SweepId(name), new SweepTerms(0, name), DateTimeOffset.UnixEpoch.AddSeconds(second));

    private static async Task<string[]> OrderAsync(TestCluster cluster) =>
        [.. (await cluster.Fleet.Sweeps()).Select(s => s.Id.Value)];

    private static async Task<string?> AddressAsync(TestCluster cluster) =>
        (await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(cluster.Fleet))?.ToParsableString();

    private static Task MoveAsync(TestCluster cluster, string silo) =>
        Wait.UntilAsync(async () =>
        {
            await cluster.Fleet.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(silo));
            await cluster.Fleet.Sweeps();
            RequestContext.Clear();
            return await AddressAsync(cluster) == silo;
        });
}
