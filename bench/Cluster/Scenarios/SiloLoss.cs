using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Harness;
using Layerbench.LocalCluster.Processes;
using Layerbench.Silo.Journals;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>
/// How long the cells that a silo had in flight wait until another has them. A silo that does not decide the sweep is
/// lost, again and again; cells that were finished before it was lost are not counted.
/// </summary>
internal static class SiloLoss
{
    private const int Cells = 1_000_000;

    public static Task<bool> KilledAsync(BenchOptions options) =>
        RunAsync(options, ProcessSignal.Kill, "5 s or less at p99, 100 kills");

    public static Task<bool> HungAsync(BenchOptions options) =>
        RunAsync(options with { Kills = Math.Max(1, options.Kills / 5) }, ProcessSignal.Stop, "15 s or less");

    private static async Task<bool> RunAsync(BenchOptions options, ProcessSignal signal, string asked)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(50) }
        );
        var sweep = await cluster.StartSweepAsync("s", $"simulated: {Cells}");
        var coordinator = await cluster.CoordinatorOfAsync(sweep);
        var others = cluster.Silos.Where(s => s != coordinator).ToList();
        var times = new List<TimeSpan>();
        var since = TimeProvider.System.GetTimestamp();
        var losses = 0;
        while (losses < options.Kills && TimeProvider.System.GetElapsedTime(since) < options.Limit)
        {
            var lost = others[losses % others.Count];
            await Until.TrueAsync(() => Task.FromResult(cluster.Journals.InFlight(lost).Count > 0));
            var waited = await LoseAsync(cluster, sweep, lost, signal);
            if (waited is not null)
            {
                times.AddRange(waited);
                losses++;
            }

            await BackAsync(cluster, lost, signal);
        }

        await sweep.Cancel();
        Machine.Line("silos lost, cells in flight then", $"{losses}, {times.Count}");
        Figures.Times("until a cell was leased elsewhere", times, asked);
        return true;
    }

    /// <summary>How long each cell waited; null: the sweep's grain was there as well after all.</summary>
    private static async Task<IReadOnlyList<TimeSpan>?> LoseAsync(
        ClusterHarness cluster,
        ISweepGrain sweep,
        string lost,
        ProcessSignal signal
    )
    {
        if (await cluster.CoordinatorOfAsync(sweep) == lost)
        {
            return null;
        }

        var at = TimeProvider.System.GetUtcNow();
        cluster.Send(lost, signal);
        var finished = await cluster.Store.FinishedIndicesAsync(new SweepId("s")).ToHashSetAsync();
        var wanted = cluster
            .Journals.InFlight(lost)
            .SelectMany(l => l.Cells)
            .Where(c => !finished.Contains(c))
            .ToHashSet();
        var found = new Dictionary<long, TimeSpan>();
        await Until.TrueAsync(
            () =>
            {
                foreach (
                    var line in cluster
                        .Silos.Where(s => s != lost)
                        .SelectMany(cluster.Journals.Of)
                        .Where(l => l.Event == JournalEvent.Begun && l.At > at)
                )
                {
                    foreach (var cell in line.Cells.Where(wanted.Contains))
                    {
                        found.TryAdd(cell, line.At - at);
                    }
                }

                return Task.FromResult(found.Count == wanted.Count);
            },
            seen: () => $"{found.Count} of {wanted.Count} cells of {lost} were leased elsewhere"
        );
        return [.. found.Values];
    }

    /// <summary>A silo that hung and goes on finds that it was declared dead, and ends itself.</summary>
    private static async Task BackAsync(ClusterHarness cluster, string lost, ProcessSignal signal)
    {
        if (signal == ProcessSignal.Stop)
        {
            cluster.Send(lost, ProcessSignal.Continue);
            if (!await cluster.ProcessOf(lost).HasEndedAsync(TimeSpan.FromSeconds(60), TimeProvider.System))
            {
                Machine.Line($"{lost} went on after its hang", "it was not declared dead, or did not notice");
                cluster.Send(lost, ProcessSignal.Kill);
            }
        }

        await cluster.RestartAsync(lost);
    }
}
