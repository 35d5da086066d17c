using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains.Sweeps;
using Layerbench.SweepFiles;
using Orleans.Core.Internal;

namespace Layerbench.Cluster.Tests;

/// <summary>Sweep files on silos, run by the engine's own slice runner on the simulated backend.</summary>
public sealed class SweepFileTests
{
    private const int Launches = 3;

    [Fact]
    public async Task ASweepFileRunsToItsEndWithEveryLaunchOnceOnOneDeviceEach()
    {
        await using var cluster = await StartAsync(silos: 2, devicesEach: 2);

        var sweep = await SubmitAsync(cluster, Text(cells: 24));
        await Wait.UntilDoneAsync(sweep);

        var record = await sweep.Record();
        var cells = await cluster.Store.CellsAsync(record.Id).ToListAsync();
        cells.Count.ShouldBe(24);
        cells.ShouldAllBe(c => c.Outcome is Outcome.Completed);
        foreach (var cell in cells)
        {
            var launches = await cluster.Store.LaunchesAsync(record.Id, cell.Id);
            launches
                .Select(l => (l.Kind, l.Number))
                .ShouldBe([(LaunchKind.Time, 0), (LaunchKind.Time, 1), (LaunchKind.Time, 2), (LaunchKind.Memory, 0)]);
            launches.Select(l => l.Fingerprint).Distinct().Count().ShouldBe(1);
            launches.ShouldAllBe(l => l.Device == cell.Device);
        }

        cells.Select(c => c.Device!.Value.Value[0]).Distinct().Order().ShouldBe(['a', 'b']);
    }

    [Fact]
    public async Task ACellThatKillsWorkersIsPoisonedAfterThreeDeathsOnTwoDevices()
    {
        await using var cluster = await StartAsync(silos: 2, devicesEach: 1);

        var sweep = await SubmitAsync(cluster, Text(cells: 1, fault: "crash"));
        await Wait.UntilDoneAsync(sweep);

        var record = await sweep.Record();
        var cell = (await cluster.Store.CellsAsync(record.Id).ToListAsync()).Single();
        cell.Outcome.ShouldBeOfType<Outcome.Poisoned>()
            .Reason.ShouldStartWith("its worker died 3 times on it on 2 devices");
        var deaths = (await cluster.Store.IncidentsAsync(record.Id)).Where(i => i.IsDeath).ToList();
        deaths.Count.ShouldBe(3);
        deaths.Select(i => i.Device).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task DeathsAreCountedOnWhenTheCoordinatorIsLost()
    {
        await using var cluster = await StartAsync(silos: 1, devicesEach: 0);
        var sweep = await SubmitAsync(cluster, Text(cells: 1));
        var id = (await sweep.Record()).Id;
        var (a, b) = (Device("a/simulated:90"), Device("a/simulated:99"));
        for (var i = 0; i < 2; i++)
        {
            var slice = (await sweep.Lease(a)).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
            var cell = slice.Cells.Single();
            await cluster.Store.RecordIncidentAsync(
                id,
                new Incident(cell.Id, DateTimeOffset.UnixEpoch.AddSeconds(i), a.Id, "worker_lost", "died", "")
            );
            await sweep.Tell(slice.Token, new SliceTold([new CellTold.Crashed(cell.Index, "worker_lost", "died")]));
        }

        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        (await sweep.Lease(b)).ShouldBeOfType<LeaseAnswer.Granted>().Slice.Attempt.ShouldBe(3);
    }

    [Fact]
    public async Task AFailureBudgetStopsTheSweepAlsoOverAnActivationsEndAndStartingItAgainGoesOn()
    {
        await using var cluster = await StartAsync(silos: 1, devicesEach: 1);
        var terms = SweepTerms.Ordinary with { Failures = new FailureBudget(3) };

        var sweep = await SubmitAsync(cluster, Text(cells: 60, fault: "error"), terms);
        await Wait.UntilAsync(async () => (await sweep.Progress()).StopReason is not null);

        await Wait.UntilAsync(async () => (await cluster.Fleet.Sweeps()).Count == 0);
        await Wait.UntilAsync(async () => (await sweep.Progress()).InFlight == 0);
        var stopped = await sweep.Progress();
        stopped.Finished.ShouldBeInRange(3, 59);
        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        (await sweep.Progress()).StopReason!.ShouldStartWith("failure budget spent: ");
        (await Should.ThrowAsync<InvalidOperationException>(sweep.Resume)).Message.ShouldContain(
            "failure budget spent"
        );

        await sweep.Start(await sweep.Record(), SweepTerms.Ordinary);
        await Wait.UntilDoneAsync(sweep);
        (await sweep.Progress()).Finished.ShouldBe(60);
    }

    [Fact]
    public async Task ASweepHasNoMoreDevicesThanItMay()
    {
        await using var cluster = await StartAsync(silos: 1, devicesEach: 0);
        var sweep = await SubmitAsync(cluster, Text(cells: 9), SweepTerms.Ordinary with { MaximumDevices = 1 });

        (await sweep.Lease(Device("a/simulated:90"))).ShouldBeOfType<LeaseAnswer.Granted>();
        (await sweep.Lease(Device("a/simulated:91")))
            .ShouldBeOfType<LeaseAnswer.Wait>()
            .Reason.ShouldBe("it is measured on as many devices as it may be (1)");
    }

    [Fact]
    public async Task WhatAnOverthrownActivationGaveOutIsNotKept()
    {
        await using var cluster = await StartAsync(silos: 1, devicesEach: 0);
        var sweep = await SubmitAsync(cluster, Text(cells: 2));
        var id = (await sweep.Record()).Id;
        var slice = (await sweep.Lease(Device("a/simulated:90"))).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
        slice.Epoch.ShouldBe(1);

        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var next = (await sweep.Lease(Device("a/simulated:90"))).ShouldBeOfType<LeaseAnswer.Granted>().Slice;

        next.Epoch.ShouldBe(2);
        await Should.ThrowAsync<StaleEpochException>(() =>
            cluster.Store.FinishAsync(
                id,
                [slice.Cells[0].Ended(new Outcome.Completed(), null, DateTimeOffset.UnixEpoch)],
                slice.Epoch
            )
        );
    }

    [Fact]
    public async Task RungsHaveOneBookForTheWholeCluster()
    {
        await using var cluster = await StartAsync(silos: 2, devicesEach: 0);
        var sweep = await SubmitAsync(cluster, Text(cells: 1));
        RungArrival Arrival(int cell, double value) =>
            new(new GroupId("g"), "base", new CellId($"{cell:x16}"), Step: 100, value);

        // Of the first three the best third goes on: the first always does, a worse one does not, a better one does.
        (await sweep.DecideRung(Arrival(1, 0.5))).Go.ShouldBeTrue();
        (await sweep.DecideRung(Arrival(2, 0.4))).Go.ShouldBeFalse();
        await sweep.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        (await sweep.DecideRung(Arrival(3, 0.6))).Go.ShouldBeTrue();
        // Asked again, the answer is the one that was given.
        (await sweep.DecideRung(Arrival(1, 0.1))).Go.ShouldBeTrue();
        (await cluster.Store.RungsAsync((await sweep.Record()).Id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task WhatAClusterCannotRunIsSaidWhenItIsStarted()
    {
        await using var cluster = await StartAsync(silos: 1, devicesEach: 1);
        var catalog = await CatalogAsync(cluster);
        var timed = LoadedSweep.FromText("s.yaml", Text(cells: 1), new SweepRequest([], Budget: null), catalog);
        var budget = timed.ToRecord(DateTimeOffset.UnixEpoch, "0.1.0") with
        {
            Spec = timed.Text.Replace("measure:", "measure:\n  budget: 10m", StringComparison.Ordinal),
        };

        var refused = await Should.ThrowAsync<ArgumentException>(() =>
            cluster.Sweep(budget.Id.Value).Start(budget, SweepTerms.Ordinary)
        );

        refused.Message.ShouldContain("measure.budget: a cluster keeps no budget of time");
        var unknown = budget with { Spec = timed.Text.Replace("sim.cost", "ffn.nowhere", StringComparison.Ordinal) };
        refused = await Should.ThrowAsync<ArgumentException>(() =>
            cluster.Sweep(budget.Id.Value).Start(unknown, SweepTerms.Ordinary)
        );
        refused.Message.ShouldContain("ffn.nowhere");
        (await cluster.Store.SweepsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AMinuteBetweenTwoNodesClocksHarmsNothing()
    {
        var clocks = new Dictionary<string, TimeProvider>
        {
            ["b"] = new MovedClock { Forward = TimeSpan.FromMinutes(1) },
        };
        await using var cluster = await TestCluster.StartAsync(silos: 2, devicesEach: 2, clocks: clocks);

        var sweep = await cluster.StartSweepAsync("s", 200);
        await Wait.UntilDoneAsync(sweep);

        await cluster.ShouldHaveEachCellOnceAsync("s", 200);
        cluster.Log.Given.Select(g => g.Cell).ShouldBeUnique();
        cluster.Log.Given.Select(g => g.Node).Distinct().Order().ShouldBe(["a", "b"]);
    }

    private static Task<TestCluster> StartAsync(int silos, int devicesEach) =>
        TestCluster.StartAsync(silos, devicesEach, ofTheSilo: true);

    private static DeviceInfo Device(string id) => new(new DeviceId(id), "simulated", "m", [], 1L << 40);

    private static async Task<ISweepGrain> SubmitAsync(TestCluster cluster, string text, SweepTerms? terms = null)
    {
        var catalog = await CatalogAsync(cluster);
        var record = LoadedSweep
            .FromText("sim.yaml", text, new SweepRequest([]), catalog)
            .ToRecord(DateTimeOffset.UnixEpoch, "0.1.0");
        var sweep = cluster.Sweep(record.Id.Value);
        await Wait.UntilStartedAsync(sweep, record, terms ?? SweepTerms.Ordinary);
        return sweep;
    }

    /// <summary>What the nodes' workers can run, from their first heartbeats on; a silo that is up may not have sent one.</summary>
    private static async Task<VariantCatalog> CatalogAsync(TestCluster cluster)
    {
        await Wait.UntilAsync(async () => (await cluster.Fleet.Catalog()).Backends.Count > 0);
        return (await cluster.Fleet.Catalog()).Variants;
    }

    private static string Text(int cells, string fault = "none") =>
        $$"""
            name: sim
            variants:
              - variant: sim.cost
                label: base
                with: { cost_us: 100 }
              - variant: sim.cost
                label: other
                with: { cost_us: 87 }
            backend: simulated
            axes:
              replicate: { range: { from: 1, to: {{cells}} } }
              fault: {{fault}}
            measure:
              launches: {{Launches}}
              memory_launches: 1
              blocks: 5
            controls: {same: 0, slower: 0}
            """;
}
