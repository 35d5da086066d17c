using Layerbench.Harness;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>Parts of the cluster are killed at random while sweeps run, one after the other; every result is checked.</summary>
internal static class RandomKillsScenario
{
    /// <summary>Small cells on real workers: launches take a second or two, nearly all of it a process's start.</summary>
    private const string Real = """
        name: killed
        variants: [bench.empty]
        backend: pytorch
        axes:
          batch:
            range: {from: 1, to: 12}
        measure: {launches: 3, blocks: 3, memory_launches: 1}
        controls: {same: 0, slower: 0}
        """;

    private const int RealCells = 12;
    private const int RealLaunches = 4;

    public static Task<bool> SimulatedAsync(BenchOptions options) =>
        RunAsync(options, new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }, KilledWork.Simulated(1_000));

    public static Task<bool> WorkersAsync(BenchOptions options) =>
        RunAsync(
            options,
            new HarnessOptions { Devices = null },
            new KilledWork(Real, RealCells, RealLaunches, HasWorkers: true)
        );

    private static async Task<bool> RunAsync(BenchOptions options, HarnessOptions harness, KilledWork work)
    {
        await using var cluster = await ClusterHarness.StartAsync(harness);
        var kills = await new RandomKills(cluster, work, seed: 1).RunAsync(options.Kills, options.Limit);
        Machine.Line("killed", string.Join(", ", kills.Killed.OrderBy(k => k.Key).Select(k => $"{k.Value} {k.Key}")));
        Machine.Line("silos that ended by themselves, and were started again", $"{kills.Ended}");
        Machine.Line("sweeps that ran meanwhile", $"{kills.Checks.Count}");
        return Verdict.Print(kills.Checks);
    }
}
