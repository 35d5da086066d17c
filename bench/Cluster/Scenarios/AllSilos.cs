using Layerbench.Core;
using Layerbench.Harness;
using Layerbench.Silo.Journals;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>All silos die at once, and others begin at other ports, as after a node pool was replaced.</summary>
internal static class AllSilos
{
    private const int Cells = 3_000;
    private const int Times = 3;

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }
        );
        var sweep = await cluster.StartSweepAsync("s", $"simulated: {Cells}");
        var times = new List<TimeSpan>();
        for (var i = 0; i < Times; i++)
        {
            var from = TimeProvider.System.GetUtcNow();
            await Until.TrueAsync(() => Task.FromResult(cluster.Journals.All().Count(IsLease(from)) > 10));
            var at = TimeProvider.System.GetUtcNow();
            await cluster.RestartAllElsewhereAsync();
            await Until.TrueAsync(() => Task.FromResult(cluster.Journals.All().Any(IsLease(at))));
            times.Add(cluster.Journals.All().Where(IsLease(at)).Min(l => l.At) - at);
        }

        await ClusterHarness.DoneAsync(cluster.Grains.GetGrain<Layerbench.Cluster.ISweepGrain>("s"));
        Figures.Times("from the kill to the next lease", times, "60 s or less");
        return Verdict.Print(await ResultCheck.OfAsync(cluster, new SweepId("s"), Cells));
    }

    private static Func<JournalLine, bool> IsLease(DateTimeOffset after) =>
        line => line.Event == JournalEvent.Begun && line.At > after;
}
