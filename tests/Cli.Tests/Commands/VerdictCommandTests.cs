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
        wide.OutputLines.ShouldContain(
            "controls: 0 of 1 [0%, 79.3%] same judged different; 1 with 3% of extra work, within the margin of ±20%: not to be found"
        );
    }

    [Fact]
    public async Task ComparingSaysByItsExitCodeWhetherAnythingBecameSlower()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        var same = await layerbench.RunAsync("compare", "a", "b");
        same.ExitCode.ShouldBe(0, same.Output);
        same.OutputLines.ShouldContain(
            "drift: between the runs the machine itself moved by 0%, by the canaries of what limits these variants, at most 0%; intervals are wider by the first, and a difference is one beyond the second"
        );

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

    [Fact]
    public async Task WhatTheMachineDidBetweenTheRunsIsNotCalledASlowerVariant()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        Change("b", "update samples set wall_ns = cast(wall_ns * 1.1 as integer)");
        // The canaries say that the machine became slower by a ninth.
        Change("b", "update canaries set gemm_flops_per_second = gemm_flops_per_second * 0.9");

        var compared = await layerbench.RunAsync("compare", "a", "b");

        compared.ExitCode.ShouldBe(4, compared.Output);
        compared.OutputLines.ShouldContain("B ÷ A, 6 comparisons: 0 slower, 0 faster, 0 equivalent, 6 inconclusive");
        compared.Output.ShouldContain(
            "the machine itself moved by 11.1%, by the canaries of what limits these variants"
        );
    }

    [Fact]
    public async Task WithoutCanariesNoDifferenceIsClaimed()
    {
        await RunAsync("a", "--set", "measure.canaries=false");
        await RunAsync("b", "--set", "measure.canaries=false", "--set", "seed=2");
        Change("b", "update samples set wall_ns = cast(wall_ns * 1.5 as integer)");

        var compared = await layerbench.RunAsync("compare", "a", "b");

        compared.ExitCode.ShouldBe(4, compared.Output);
        compared.Output.ShouldContain(
            "drift: the runs have too few canaries to bound what the machine did between them"
        );
    }

    [Fact]
    public async Task InconclusiveCellsAreSettledByLaunchesInTurnThatAreKeptBesideTheRuns()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        Change("b", "update samples set wall_ns = cast(wall_ns * 1.1 as integer)");
        Change("b", "update canaries set gemm_flops_per_second = gemm_flops_per_second * 0.9");

        var settled = await layerbench.RunAsync("compare", "a", "b", "--rerun-inconclusive");
        var read = await layerbench.RunAsync("compare", "a", "b");

        // The simulated code is the same on both sides; only the stored samples were not.
        settled.ExitCode.ShouldBe(0, settled.Error);
        settled.ErrorLines.ShouldBe([.. Enumerable.Range(1, 6).Select(i => $"pair {i} of 6, 3 cells")]);
        settled.OutputLines.ShouldContain("B ÷ A, 6 comparisons: 0 slower, 0 faster, 6 equivalent, 0 inconclusive");
        settled.OutputLines.ShouldContain(
            "measured in turn: 3 cells, 6 to 6 pairs of launches; drift is in both sides alike"
        );
        read.ShouldBe(settled with { Error = "" });
        (await layerbench.RunAsync("runs"))
            .OutputLines.Count(l => l.Contains("sim-", StringComparison.Ordinal))
            .ShouldBe(2, "the launches in turn are no run");
        var again = await layerbench.RunAsync("compare", "a", "b", "--rerun-inconclusive");
        again.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunThatCannotBeMeasuredHereAgainIsRefusedInOneLine()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        Change("b", "update canaries set gemm_flops_per_second = gemm_flops_per_second * 0.5");
        Change(
            "a",
            "update fingerprints set entries = replace(entries, '\"backend_version\":\"1\"', '\"backend_version\":\"0\"'), fingerprint = 'ffffffffffffffff'"
        );
        Change(
            "b",
            "update fingerprints set entries = replace(entries, '\"backend_version\":\"1\"', '\"backend_version\":\"0\"'), fingerprint = 'fffffffffffffffe'"
        );

        var refused = await layerbench.RunAsync("compare", "a", "b", "--rerun-inconclusive");

        refused.ExitCode.ShouldBe(2);
        refused
            .ErrorLines[^1]
            .ShouldMatch(
                "^error: --rerun-inconclusive: '[ab]' cannot be measured here again as it was: backend_version was '0' and is '1'; "
            );
        var both = await layerbench.RunAsync("compare", "a", "b", "--rerun-inconclusive", "--cross-env");
        both.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("error: --rerun-inconclusive and --cross-env: ");
    }

    [Fact]
    public async Task AnotherCultureAndTimeZoneGiveTheSameBytes()
    {
        await RunAsync("a");
        await RunAsync("b", "--set", "seed=2");
        var elsewhere = new CommandLine(folder.Path);
        elsewhere.Environment["LANG"] = elsewhere.Environment["LC_ALL"] = "de_DE.UTF-8";
        elsewhere.Environment["TZ"] = "Asia/Kathmandu";
        foreach (
            var command in new string[][]
            {
                ["analyze", "a", "--json"],
                ["analyze", "a"],
                ["results", "a", "--csv"],
                ["compare", "a", "b", "--markdown"],
            }
        )
        {
            var here = await layerbench.RunAsync(command);
            here.Output.ShouldNotBeEmpty();
            (await elsewhere.RunAsync(command)).ShouldBe(here);
        }
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
