using Layerbench.Harness;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>Silos and the gateway are killed at random while sweeps run, one after the other; every result is checked.</summary>
internal static class RandomKillsScenario
{
    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }
        );
        var kills = await new RandomKills(cluster, seed: 1).RunAsync(options.Kills, options.Limit);
        Machine.Line("killed", string.Join(", ", kills.Killed.OrderBy(k => k.Key).Select(k => $"{k.Key} {k.Value}")));
        return Verdict.Print(kills.Checks);
    }
}
