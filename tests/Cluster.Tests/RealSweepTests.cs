using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Workers;
using Layerbench.SweepFiles;

namespace Layerbench.Cluster.Tests;

/// <summary>Silos in processes of their own, measuring with the PyTorch worker on CPU sets of this machine.</summary>
public sealed class RealSweepTests : IDisposable
{
    private const int Cells = 6;

    private const string Text = """
        name: real
        variants: [ffn.dense, ffn.conv1d]
        backend: pytorch
        pass: forward
        threads: 1
        axes:
          batch: [1, 2, 3]
          seq_len: 8
          d_model: [16, 32]
          d_ff: 4*d_model
        measure:
          launches: 2
          blocks: 5
          memory_launches: 0
          warm_up: {minimum: 1ms, maximum: 10ms}
          canaries: false
        controls: {same: 0, slower: 0}
        """;

    /// <summary>Locks of its own, so that nothing else that measures here is waited for.</summary>
    private readonly string locks = Directory.CreateTempSubdirectory("layerbench-locks-").FullName;

    /// <summary>One CPU of this process, and another one or, where it has no other, the same.</summary>
    private readonly string cpu;
    private readonly string otherCpu;

    public RealSweepTests()
    {
        var cpus = DeviceDiscovery.OfThisMachine().Find()[0].Cpus;
        (cpu, otherCpu) = ($"cpu:{cpus[0]}", $"cpu:{cpus[^1]}");
    }

    [Fact]
    public async Task ASiloKilledInTheMiddleLosesNoLaunchAndLeavesNoWorker()
    {
        await RequireTorchAsync();
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var survivor = Join(cluster, "b", cpu);
        using var killed = Join(cluster, "c", otherCpu, alone: true);
        await Wait.UntilAsync(
            async () => (await cluster.Fleet.Nodes()).Count == 3,
            () => survivor.Output + killed.Output
        );
        var sweep = await SubmitAsync(cluster);
        var id = (await sweep.Record()).Id;
        await Wait.UntilAsync(
            async () => await cluster.Store.LaunchCountAsync(id) > 0 && Children.Of(killed.Id).Count > 0,
            () => killed.Output
        );
        var workers = Children.Of(killed.Id);

        killed.Kill();

        await Wait.UntilDoneAsync(sweep);
        await ShouldBeWholeAsync(cluster, id);
        await Wait.UntilAsync(() => Task.FromResult(!workers.Any(Children.IsAlive)));
        (await ResultsAsync(cluster.Folder)).ShouldContain("ffn.conv1d");
    }

    [Fact]
    public async Task ASiloThatIsToldToStopEndsItsLaunchLeavesNoWorkerAndItsDeviceIsFree()
    {
        await RequireTorchAsync();
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var first = Join(cluster, "b", cpu);
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => first.Output);
        var sweep = await SubmitAsync(cluster);
        var id = (await sweep.Record()).Id;
        await Wait.UntilAsync(() => Task.FromResult(Children.Of(first.Id).Count > 0), () => first.Output);
        var workers = Children.Of(first.Id);

        first.Terminate();

        (await first.ExitAsync()).ShouldBe(0, first.Output);
        workers.Any(Children.IsAlive).ShouldBeFalse();
        (await sweep.Progress()).InFlight.ShouldBe(0);
        using var second = Join(cluster, "c", cpu);
        await Wait.UntilDoneAsync(sweep);
        await ShouldBeWholeAsync(cluster, id);
    }

    [Fact]
    public async Task ASecondSiloCannotClaimADeviceOfThisMachine()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        using var first = Join(cluster, "b", cpu);
        await Wait.UntilAsync(async () => (await cluster.Fleet.Nodes()).Count == 2, () => first.Output);

        using var second = Join(cluster, "c", cpu);

        (await second.ExitAsync()).ShouldBe(2);
        second.Output.ShouldContain($"Layerbench:Devices: '{cpu}' of this machine is claimed by process {first.Id}");
        second.Output.ShouldContain("stop that, or give this silo other devices");
    }

    public void Dispose() => Directory.Delete(locks, recursive: true);

    private static async Task RequireTorchAsync()
    {
        var found = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
        Assert.SkipUnless(found.Find("pytorch")!.IsUsable, $"no pytorch worker: {found.Find("pytorch")!.Problem}");
    }

    /// <summary>Where both have the one CPU, each has its own locks: times do not matter here.</summary>
    private SiloProcess Join(TestCluster cluster, string node, string device, bool alone = false) =>
        SiloProcess.Start(
            cluster.Settings(node, 1, TestCluster.Quick) with
            {
                Devices = [device],
                Grace = TimeSpan.FromSeconds(60),
            },
            new Dictionary<string, string>
            {
                ["LAYERBENCH_LOCKS"] = alone ? Path.Combine(locks, node) : locks,
                ["LAYERBENCH_TORCHSHARP"] = "none",
            }
        );

    private static async Task<ISweepGrain> SubmitAsync(TestCluster cluster)
    {
        await Wait.UntilAsync(async () => (await cluster.Fleet.Catalog()).Backends.Any(b => b.Backend == "pytorch"));
        var catalog = (await cluster.Fleet.Catalog()).Variants;
        var record = LoadedSweep
            .FromText("real.yaml", Text, new SweepRequest([]), catalog)
            .ToRecord(DateTimeOffset.UnixEpoch, "0.1.0");
        var sweep = cluster.Sweep(record.Id.Value);
        await Wait.UntilStartedAsync(sweep, record, SweepTerms.Ordinary);
        return sweep;
    }

    /// <summary>Every cell has both launches, once, of one environment, and ended.</summary>
    private static async Task ShouldBeWholeAsync(TestCluster cluster, SweepId id)
    {
        var cells = await cluster.Store.CellsAsync(id).ToListAsync();
        cells.Count.ShouldBe(Cells);
        cells.ShouldAllBe(c => c.Outcome is Outcome.Completed);
        foreach (var cell in cells)
        {
            var launches = await cluster.Store.LaunchesAsync(id, cell.Id);
            launches.Select(l => l.Number).ShouldBe([0, 1]);
            launches.Select(l => l.Fingerprint).Distinct().Count().ShouldBe(1);
            launches.Select(l => l.Device).Distinct().ShouldBe([cell.Device!.Value]);
        }
    }

    /// <summary>What the command prints of the folder.</summary>
    private static async Task<string> ResultsAsync(string folder)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "layerbench.dll"), "results", folder]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, text);
        return text;
    }
}
