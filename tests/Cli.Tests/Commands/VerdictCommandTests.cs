using Microsoft.Data.Sqlite;

namespace Layerbench.Cli.Tests.Commands;

/// <summary>analyze and compare over stores of the simulated backend, whose true ratios are known.</summary>
public sealed class VerdictCommandTests : IDisposable
{
    private const string Yaml = """
        name: sim
        variants:
          - {variant: sim.cost, label: base, with: {cost_us: 100}}
          - {variant: sim.cost, label: other, with: {cost_us: 87}}
        backend: simulated
        devices: simulated:1
        axes: {replicate: [1, 2, 3], launch_noise: 0.002}
        """;

    private readonly ScratchFolder folder = new();
    private readonly CommandLine layerbench;

    public VerdictCommandTests()
    {
        layerbench = new CommandLine(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "sim.yaml"), Yaml);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OneStoreGivesTheSameBytesAndTheControlsAreInThem()
    {
        await RunAsync("a");
        var first = await layerbench.RunAsync("analyze", "a", "--json");
        (await layerbench.RunAsync("analyze", "a", "--json")).ShouldBe(first);
        first.OutputLines.Length.ShouldBe(6, "three cells, two controls, the summary");
        first.OutputLines[^1].ShouldContain("\"variants\":{\"other\":{\"faster\":3,\"slower\":0,");
        first.OutputLines[^1].ShouldContain("\"power\":{\"count\":1,\"of\":1,");
        var wide = await layerbench.RunAsync("analyze", "a", "--margin", "20%", "--rule", "no-exclusions");
        wide.OutputLines.ShouldContain("other, 3 cells: 3 equivalent.");
        wide.OutputLines.ShouldContain(l => l.StartsWith("controls: 0 of 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ComparingSaysByItsExitCodeWhetherAnythingBecameSlower()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        (await layerbench.RunAsync("compare", "a", "b", "--margin", "5%")).ExitCode.ShouldBe(0);

        Change("b", "update samples set wall_ns = cast(wall_ns * 1.1 as integer)");
        var slower = await layerbench.RunAsync("compare", "a", "b", "--markdown");
        slower.ExitCode.ShouldBe(1);
        slower.OutputLines[0].ShouldBe("| replicate | variant | time B ÷ A | verdict |");
        slower.OutputLines.ShouldContain("B ÷ A, 6 comparisons: 6 slower, 0 faster, 0 equivalent, 0 inconclusive");
        (await layerbench.RunAsync("compare", "b", "a")).ExitCode.ShouldBe(0, "faster is no failure");
    }

    [Fact]
    public async Task UnlikeEnvironmentsAreComparedOnlyWhenAskedForAndNeverJudged()
    {
        await RunAsync("a");
        await RunAsync("b");
        // The same device under another name.
        Change(
            "b",
            "update fingerprints set fingerprint = 'ffffffffffffffff', entries = replace(entries, 'simulated:0', 'simulated:1')"
        );
        var refused = await layerbench.RunAsync("compare", "a", "b");
        refused.ExitCode.ShouldBe(2);
        var described = await layerbench.RunAsync("compare", "a", "b", "--cross-env");
        described.ExitCode.ShouldBe(4);
        described.OutputLines.ShouldContain("the runs' environments differ: ratios are described, nothing is judged");
    }

    private async Task RunAsync(string output, params string[] more) =>
        (await layerbench.RunAsync(["run", "sim.yaml", "--quiet", "--out", output, .. more])).ExitCode.ShouldBe(0);

    private void Change(string run, string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(folder.Path, run, "layerbench.db")};Pooling=false"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
