using Layerbench.Harness;
using Layerbench.LocalCluster.Processes;
using Layerbench.Silo.Journals;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>How long nothing new is leased when the silo that decides the sweep is killed, and what becomes of slices on others.</summary>
internal static class CoordinatorKill
{
    private const int Cells = 1_000_000;

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }
        );
        var sweep = await cluster.StartSweepAsync("s", $"simulated: {Cells}");
        var times = new List<TimeSpan>();
        var (ended, lost) = (0, 0);
        var since = TimeProvider.System.GetTimestamp();
        while (times.Count < options.Kills && TimeProvider.System.GetElapsedTime(since) < options.Limit)
        {
            await Until.TrueAsync(() =>
                Task.FromResult(cluster.Silos.All(s => cluster.Journals.InFlight(s).Count > 0))
            );
            var killed = await cluster.CoordinatorOfAsync(sweep);
            var others = cluster.Silos.Where(s => s != killed).ToList();
            var at = TimeProvider.System.GetUtcNow();
            cluster.Send(killed, ProcessSignal.Kill);
            var inFlight = others.SelectMany(cluster.Journals.InFlight).Select(l => l.Token).ToHashSet();
            times.Add(await FirstLeaseAsync(cluster, others, at));
            await cluster.RestartAsync(killed);
            await Until.TrueAsync(() =>
                Task.FromResult(!others.SelectMany(cluster.Journals.InFlight).Any(l => inFlight.Contains(l.Token)))
            );
            var fates = others
                .SelectMany(cluster.Journals.Of)
                .Where(l => l.Event != JournalEvent.Begun && inFlight.Contains(l.Token))
                .ToList();
            ended += fates.Count(l => l.Event == JournalEvent.Ended);
            lost += fates.Count(l => l.Event == JournalEvent.Lost);
        }

        await sweep.Cancel();
        Figures.Times("until the next lease", times, "10 s or less");
        Machine.Line("slices in flight elsewhere: ended, stopped", $"{ended}, {lost} (asked: none stopped)");
        return true;
    }

    private static async Task<TimeSpan> FirstLeaseAsync(
        ClusterHarness cluster,
        IReadOnlyList<string> others,
        DateTimeOffset at
    )
    {
        // What was leased before the kill may begin just after it; two seconds later nothing of it is on its way.
        JournalLine? first = null;
        await Until.TrueAsync(() =>
        {
            first = others
                .SelectMany(cluster.Journals.Of)
                .Where(l => l.Event == JournalEvent.Begun && l.At > at + TimeSpan.FromMilliseconds(500))
                .MinBy(l => l.At);
            return Task.FromResult(first is not null);
        });
        return first!.At - at;
    }
}
