using Layerbench.Cli;
using Layerbench.Cluster.Tests.Gateway;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Workers;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests;

/// <summary>Variants of a user's own on a cluster: a real node with the PyTorch worker, and the gateway's program.</summary>
public sealed class PlugInTests
{
    private const string Mean = """
        from catalogue import Axis, Variant

        VARIANT = Variant(
            name="mix.mean",
            summary="mean pooling",
            equation="y_t = 1/seq_len sum_s x_s",
            citation="-",
            axes=(
                Axis("batch", "integer", "sequences", minimum=1),
                Axis("seq_len", "integer", "time steps", minimum=1),
                Axis("d_model", "integer", "features", minimum=1),
            ),
            constraints=(),
            parameters="0",
            forward_flops="batch*seq_len*d_model",
            forward_bytes="8*batch*seq_len*d_model",
        )


        def tensors(p):
            return ()


        def build(p, w, timed):
            return lambda x: x.mean(1, keepdim=True).expand_as(x).contiguous()


        def reference(p, w, x, kink):
            return x.mean(1, keepdim=True).expand_as(x)
        """;

    private const string Sweep = """
        name: mine
        plugins: mine.py
        variants: [mix.attention, mix.mean]
        backend: pytorch
        threads: 1
        axes: {batch: [1, 2], seq_len: 8, d_model: 16}
        measure:
          launches: 2
          blocks: 5
          memory_launches: 0
          warm_up: {minimum: 1ms, maximum: 10ms}
          canaries: false
        controls: {same: 0, slower: 0}
        """;

    [Fact]
    public async Task AVariantOfAFileThatTheOperatorHasPutOnTheNodeIsMeasured()
    {
        var torch = (await WorkerCatalog.DiscoverAsync(WorkerSearch.Default)).Find("pytorch")!;
        Assert.SkipUnless(torch.IsUsable, $"no pytorch worker: {torch.Problem}");
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 0);
        var shared = Directory.CreateDirectory(Path.Combine(cluster.Folder, "shared")).FullName;
        var own = Directory.CreateDirectory(Path.Combine(cluster.Folder, "own")).FullName;
        var file = Path.Combine(own, "mine.yaml");
        await File.WriteAllTextAsync(Path.Combine(shared, "theirs.py"), Mean);
        await File.WriteAllTextAsync(Path.Combine(own, "mine.py"), Mean);
        await File.WriteAllTextAsync(file, Sweep);
        using var silo = SiloProcess.Start(
            cluster.Settings("b", 1, TestCluster.Quick) with
            {
                Devices = [$"cpu:{DeviceDiscovery.OfThisMachine().Find()[0].Cpus[0]}"],
            },
            new Dictionary<string, string>
            {
                ["LAYERBENCH_LOCKS"] = Path.Combine(cluster.Folder, "locks"),
                ["LAYERBENCH_TORCHSHARP"] = "none",
                ["XDG_CACHE_HOME"] = Path.Combine(cluster.Folder, "cache"),
                ["Layerbench__PlugIns__0"] = Path.Combine(shared, "theirs.py"),
            }
        );
        await Wait.UntilAsync(
            async () => (await cluster.Fleet.Catalog()).Backends.Any(b => b.Backend == "pytorch"),
            () => silo.Output
        );
        using var strict = await RunningGateway.StartAsync(cluster);
        using var gateway = await RunningGateway.StartAsync(cluster, arguments: ["--Layerbench:Limits:PlugIns=true"]);
        // What is edited after the silo has started is not run.
        await File.WriteAllTextAsync(Path.Combine(shared, "theirs.py"), "raise SystemExit(1)");

        var forbidden = await CommandRun.OfAsync("submit", file, "--server", strict.Address);
        var ran = await CommandRun.OfAsync("run", file, "--cluster", "--server", gateway.Address);
        await File.AppendAllTextAsync(Path.Combine(own, "mine.py"), "# edited");
        var edited = await CommandRun.OfAsync("submit", file, "--server", gateway.Address);

        forbidden.Code.ShouldBe(ExitCode.BadInput);
        forbidden.Error.ShouldContain(
            "plugins: names code of a user's own, which this server's operator does not allow"
        );
        ran.Code.ShouldBe(ExitCode.Done, ran.Error + silo.Output);
        ran.Output.ShouldContain("mix.mean");
        edited.Code.ShouldBe(ExitCode.BadInput);
        edited.Error.ShouldContain("plugins: no node has 'mine.py' of SHA-256 ");
        var sweep = (await cluster.Store.SweepsAsync()).ShouldHaveSingleItem();
        (await cluster.Store.FingerprintsAsync(sweep.Id)).ShouldAllBe(f =>
            f.Entries["extra_variants"].EndsWith("/theirs.py", StringComparison.Ordinal)
        );
        (await cluster.Store.CountsAsync(sweep.Id)).ShouldHaveSingleItem().Key.ShouldBe("completed");
    }

    [Fact]
    public async Task PlugInsOfASiloThatAreWrongKeepItFromStarting()
    {
        using var silo = SiloProcess.Start(
            "--Layerbench:Data=/tmp/x",
            "--Layerbench:PlugIns:0=/nowhere.py",
            "--Layerbench:PlugIns:1=mine.txt"
        );

        (await silo.ExitAsync()).ShouldBe(2);
        silo.Output.ShouldContain("Layerbench:PlugIns: '/nowhere.py' does not exist");
        silo.Output.ShouldContain("Layerbench:PlugIns: 'mine.txt' is no plug-in");
    }
}
