using Layerbench.Core;
using Layerbench.Harness;
using Layerbench.Silo.Journals;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>The database is gone in the middle, as after a power failure, and comes back.</summary>
internal static class PostgresCrash
{
    private const int Cells = 4_000;
    private const int Crashes = 3;

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }
        );
        var sweep = await cluster.StartSweepAsync("s", $"simulated: {Cells}");
        var times = new List<TimeSpan>();
        for (var i = 0; i < Crashes; i++)
        {
            var before = await FinishedAsync();
            await Until.TrueAsync(async () => await FinishedAsync() > before + (Cells / 20));
            await cluster.Parts.OwnPostgres().CrashAndStartAsync();
            var at = TimeProvider.System.GetUtcNow();
            await Until.TrueAsync(() =>
                Task.FromResult(cluster.Journals.All().Any(l => l.Event == JournalEvent.Begun && l.At > at))
            );
            times.Add(
                cluster.Journals.All().Where(l => l.Event == JournalEvent.Begun && l.At > at).Min(l => l.At) - at
            );
        }

        await ClusterHarness.DoneAsync(sweep);
        Figures.Times($"{Crashes} restarts: until the next lease", times, "nothing lost, nothing double");
        return Verdict.Print(await ResultCheck.OfAsync(cluster, new SweepId("s"), Cells));

        async Task<int> FinishedAsync() => await cluster.Store.FinishedIndicesAsync(new SweepId("s")).CountAsync();
    }
}
