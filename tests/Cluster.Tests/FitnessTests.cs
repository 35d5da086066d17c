using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Grains.Fleet;

namespace Layerbench.Cluster.Tests;

/// <summary>Which devices a sweep is offered to, and what the fleet says of the others.</summary>
public sealed class FitnessTests
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SweepId sweep = new("s");

    private readonly FleetState fleet = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void ANodeOfAnotherVersionIsNotOfferedTheSweepAndItsStatusSaysWhy()
    {
        Hear("new", Cpu(), version: "0.2.0");
        Hear("old", Cpu(), version: "0.1.0");

        Activate(new SweepNeeds("0.1.0", Workers(), DeviceSelector.Any));

        Offered("old", "cpu").ShouldBeTrue();
        Offered("new", "cpu").ShouldBeFalse();
        Refusal("new")
            .ShouldBe(
                "its silo is layerbench 0.2.0, the sweep is measured with 0.1.0; install that version, or start the "
                    + "sweep again when all nodes have the new one"
            );
        Refusal("old").ShouldBeNull();
    }

    [Fact]
    public void ANodeWithoutTheBackendOrWithAnotherBuildOfItsWorkerIsNotOfferedTheSweep()
    {
        Hear("good", Cpu(), workers: [("pytorch", "aa")]);
        Hear("without", Cpu(), workers: [("simulated", "cc")]);
        Hear("other", Cpu(), workers: [("pytorch", "bb")]);

        Activate(new SweepNeeds("0.1.0", Workers(("pytorch", "aa")), DeviceSelector.Any));

        Offered("good", "cpu").ShouldBeTrue();
        Offered("without", "cpu").ShouldBeFalse();
        Offered("other", "cpu").ShouldBeFalse();
        Refusal("without")
            .ShouldBe(
                "it cannot run the backend pytorch (it has simulated); `layerbench doctor` there says what is missing"
            );
        Refusal("other")
            .ShouldBe(
                "its worker of pytorch describes other variants (bb) than the sweep was planned with (aa); install the "
                    + "same build on every node"
            );
    }

    [Fact]
    public void SelectorsOfTheTextAndOfTheTermsBothHold()
    {
        Hear(
            "a",
            [
                Device("cpu", "cpu", "EPYC", 64),
                Device("cuda:0", "cuda", "H100 80GB", 80),
                Device("cuda:1", "cuda", "A10", 24),
            ]
        );

        Activate(
            new SweepNeeds("", Workers(), new DeviceSelector(["cuda"])),
            SweepTerms.Ordinary with
            {
                Devices = new DeviceSelector([], "h100", 40L << 30),
            }
        );

        Offered("a", "cpu").ShouldBeFalse();
        Offered("a", "cuda:0").ShouldBeTrue();
        Offered("a", "cuda:1").ShouldBeFalse();
        Refusal("a")
            .ShouldBe(
                "cpu: the sweep wants devices of kind cuda, it is cpu; cuda:1: the sweep wants a model with 'h100' in its "
                    + "name, it is 'A10'"
            );
        Share().ShouldBe(new FleetShare(1, "cuda", 80L << 30, 0) { IsOffered = true });
    }

    [Fact]
    public void SimulatedDevicesAreOfferedSimulatedSweepsOnly()
    {
        Hear(
            "a",
            [Device("simulated:0", "simulated", "simulated", 80)],
            workers: [("pytorch", "aa"), ("simulated", "ss")]
        );

        Activate(new SweepNeeds("0.1.0", Workers(("pytorch", "aa")), DeviceSelector.Any));
        Refusal("a").ShouldBe("simulated:0: simulated devices run the simulated backend only");

        Activate(new SweepNeeds("0.1.0", Workers(("simulated", "ss")), DeviceSelector.Any));
        Offered("a", "simulated:0").ShouldBeTrue();
    }

    [Fact]
    public void ANodeWithoutAPlugInOfTheSweepIsNotOfferedItAndOneWithItIs()
    {
        fleet.Hear(new NodeInfo("a", "a:1@1", Cpu()) { PlugIns = ["11", "22"] }, start);
        fleet.Hear(new NodeInfo("b", "b:1@1", Cpu()) { PlugIns = ["22"] }, start);

        Activate(SweepNeeds.Nothing with { PlugIns = [new PlugIn("mine.py", "11")] });

        Offered("a", "cpu").ShouldBeTrue();
        Offered("b", "cpu").ShouldBeFalse();
        Refusal("b")
            .ShouldBe(
                "it has not the plug-in 'mine.py' of SHA-256 11; name that file in its setting PlugIns, and start its silo again"
            );
        fleet
            .Catalog(start)
            .PlugIns.ShouldBe([
                ["11", "22"],
                ["22"],
            ]);
    }

    [Fact]
    public void ASweepThatHasAsManyDevicesAsItMayIsNotOfferedToAnother()
    {
        Hear("a", [Device("cuda:0", "cuda", "m", 1), Device("cuda:1", "cuda", "m", 1)]);
        Activate(SweepNeeds.Nothing, SweepTerms.Ordinary with { MaximumDevices = 1 });

        fleet.Busy(new DeviceKey("a", new DeviceId("cuda:0")), sweep, start);

        Offered("a", "cuda:1").ShouldBeFalse();
        Offered("a", "cuda:0").ShouldBeTrue(); // it asks, so it is free again
        Offered("a", "cuda:1").ShouldBeTrue();
    }

    [Fact]
    public void ADeviceThatASweepDoesNotWantIsToldSoAndOneWhoseNodeLacksSomethingOrWhereNoneSuitsIsToldThat()
    {
        Hear("gpu", [Device("cuda:0", "cuda", "m", 1)]);
        Hear("cpu", Cpu());
        Told("cpu", "cpu").ShouldBe(Withheld.None);
        Activate(new SweepNeeds("0.1.0", Workers(), new DeviceSelector(["cuda"])));

        Told("gpu", "cuda:0").ShouldBe(Withheld.None);
        Told("cpu", "cpu").ShouldBe(Withheld.NotSelected);

        Hear("cpu", Cpu(), version: "0.2.0");
        Told("cpu", "cpu").ShouldBe(Withheld.Unfit);

        Hear("cpu", Cpu());
        fleet.Leave("gpu", "gpu:1@1");
        Told("cpu", "cpu").ShouldBe(Withheld.Unfit);

        Activate(SweepNeeds.Nothing, SweepTerms.Ordinary with { MaximumDevices = 1 });
        Hear("gpu", [Device("cuda:0", "cuda", "m", 1)]);
        fleet.Busy(new DeviceKey("cpu", new DeviceId("cpu")), sweep, start);
        Told("gpu", "cuda:0").ShouldBe(Withheld.Limit);
    }

    [Fact]
    public void AShareCountsDevicesThatAreAliveAndNotDraining()
    {
        Hear("a", [Device("cuda:0", "cuda", "m", 40), Device("cuda:1", "cuda", "m", 80)]);
        Hear("b", Cpu());
        Activate(SweepNeeds.Nothing);
        Share().ShouldBe(new FleetShare(3, "cuda", 80L << 30, 64L << 30) { IsOffered = true });

        fleet.Drain("a", drain: true);
        Share().ShouldBe(new FleetShare(1, "cpu", 64L << 30, 0) { IsOffered = true });

        var silent = fleet.Share(Sweep(SweepNeeds.Nothing, SweepTerms.Ordinary), start.AddSeconds(30));
        (silent.Devices, silent.Missing).ShouldBe((0, 1));
    }

    [Fact]
    public void DevicesOfNodesThatWereLostLatelyAreMissingThoseThatLeftOrDrainAreNot()
    {
        foreach (var node in (string[])["dead", "silent", "draining", "left"])
        {
            Hear(node, Cpu());
        }

        Activate(SweepNeeds.Nothing);
        fleet.Forget(silo => silo == "dead:1@1");
        fleet.Drain("draining", drain: true);
        fleet.Leave("left", "left:1@1");
        var active = fleet.Order(start).Single();
        (fleet.Share(active, start).Devices, fleet.Share(active, start).Missing).ShouldBe((1, 1));

        var later = start.AddSeconds(30);
        fleet.Hear(new NodeInfo("dead", "dead:2@2", Cpu()), later);
        (fleet.Share(active, later).Devices, fleet.Share(active, later).Missing).ShouldBe((1, 1));
        fleet.Share(active, start.AddMinutes(10)).Missing.ShouldBe(1);
        fleet.Share(active, start.AddMinutes(11)).Missing.ShouldBe(0);
        fleet
            .Share(active with { Terms = new SweepTerms(0, "ann") { Devices = new DeviceSelector(["cuda"]) } }, later)
            .Missing.ShouldBe(0);
    }

    [Fact]
    public void ADeviceOfANodeThatTheFleetHasNotHeardOfIsToldSo()
    {
        Activate(SweepNeeds.Nothing);

        var orders = fleet.Ask(new DeviceKey("a", new DeviceId("cpu")), start);

        orders.Unheard.ShouldBeTrue();
        orders.Sweeps.ShouldBeEmpty();
    }

    [Fact]
    public void NewSweepsArePlannedWithWhatMostDevicesHave()
    {
        var one = Worker("pytorch", "float32");
        var two = Worker("pytorch", "float64");
        fleet.Catalog(start).Backends.ShouldBeEmpty();
        Hear("a", Cpu(), workers: [("pytorch", CatalogHash.Of(one))]);
        Hear("b", [.. Cpu(), Device("cuda:0", "cuda", "m", 1)], workers: [("pytorch", CatalogHash.Of(two))]);
        Hear("c", [], version: "0.9.0", workers: [("pytorch", CatalogHash.Of(one))]);
        fleet.LacksWorkersOf(fleet.Nodes(start)[0].Node).ShouldBeTrue();

        fleet.Describe([one, two], start);

        fleet.LacksWorkersOf(fleet.Nodes(start)[0].Node).ShouldBeFalse();
        var catalog = fleet.Catalog(start);
        catalog.Version.ShouldBe("0.1.0");
        catalog.Backends.ShouldBe([two]);
    }

    private static BackendInfo Worker(string name, string dtype) => new(name, 1, [], [], [dtype]);

    private static Dictionary<string, string> Workers(params (string Backend, string Hash)[] workers) =>
        workers.ToDictionary(w => w.Backend, w => w.Hash, StringComparer.Ordinal);

    private static DeviceInfo[] Cpu() => [Device("cpu", "cpu", "EPYC", 64)];

    private static DeviceInfo Device(string id, string kind, string model, long memoryGiB) =>
        new(new DeviceId(id), kind, model, [], memoryGiB << 30);

    private static ActiveSweep Sweep(SweepNeeds needs, SweepTerms terms) => new(sweep, terms, start) { Needs = needs };

    private void Hear(
        string node,
        DeviceInfo[] devices,
        string version = "0.1.0",
        (string, string)[]? workers = null
    ) =>
        fleet.Hear(
            new NodeInfo(node, $"{node}:1@1", devices) { Version = version, Workers = Workers(workers ?? []) },
            start
        );

    private void Activate(SweepNeeds needs, SweepTerms? terms = null) =>
        fleet.Activate(Sweep(needs, terms ?? SweepTerms.Ordinary));

    private bool Offered(string node, string device) =>
        fleet.Ask(new DeviceKey(node, new DeviceId(device)), start).Sweeps.Contains(sweep);

    private Withheld Told(string node, string device) =>
        fleet.Ask(new DeviceKey(node, new DeviceId(device)), start).Withheld;

    private string? Refusal(string node) =>
        fleet.Nodes(start).Single(n => n.Node.Name == node).Refusals.GetValueOrDefault(sweep);

    private FleetShare Share() => fleet.Share(fleet.Order(start).Single(), start);
}
