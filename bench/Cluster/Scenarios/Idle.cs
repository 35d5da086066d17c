using Layerbench.Harness;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>What a cluster takes of the machine that nobody uses.</summary>
internal static class Idle
{
    private const int Silos = 3;
    private const int Devices = 4;

    /// <summary>Until what has run once is compiled well, which goes on for a while after a start.</summary>
    private static readonly TimeSpan settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan length = TimeSpan.FromSeconds(30);

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Silos = Silos, Devices = Devices }
        );
        await Task.Delay(settle);
        var (before, since) = (cluster.ProcessorTime(), TimeProvider.System.GetTimestamp());
        await Task.Delay(length);
        var (after, took) = (cluster.ProcessorTime(), TimeProvider.System.GetElapsedTime(since));
        Line($"a silo with {Devices} devices", (after.Silos - before.Silos) / Silos);
        Line("the gateway", after.Gateway - before.Gateway);
        Line("PostgreSQL", after.Postgres - before.Postgres);
        return true;

        void Line(string what, TimeSpan spent) =>
            Machine.Line(what, $"{Figures.Of(100 * spent / took, "0.0")} % of a processor");
    }
}
