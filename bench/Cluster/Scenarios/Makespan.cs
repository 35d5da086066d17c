using Layerbench.Core;
using Layerbench.Harness;
using Layerbench.Silo.Journals;
using Layerbench.SweepFiles;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>Cells whose lengths are lognormal, on 64 devices: how near to the least time that any order could take.</summary>
internal static class Makespan
{
    private const int Silos = 4;
    private const int Devices = 16;

    private static readonly TimeSpan median = TimeSpan.FromSeconds(0.8);

    private static readonly SimulatedSweep sweep = new(Count: 2_000, Spread: 1);

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions
            {
                Silos = Silos,
                Devices = Devices,
                Cell = median,
            }
        );
        var text = FormattableString.Invariant($"simulated: {sweep.Count} spread {sweep.Spread}");
        await ClusterHarness.DoneAsync(await cluster.StartSweepAsync("s", text));
        var lines = cluster.Journals.All().ToList();
        var first = lines.Min(l => l.At);
        var last = lines.Max(l => l.At);
        var factors = Enumerable.Range(0, (int)sweep.Count).Select(i => sweep.FactorOf(i)).ToList();
        var bound = Math.Max(factors.Sum() / (Silos * Devices), factors.Max()) * median;
        Machine.Line("lower bound: all work shared out, or the longest cell", $"{Figures.Of(bound.TotalSeconds)} s");
        Figures.Line("makespan over lower bound", (last - first) / bound, "", "1.05 or less", "0.000");
        Figures.Line("devices idle while work was queued", 100 * IdleShare(lines), "%", "2 or less", "0.00");
        return Verdict.Print(await ResultCheck.OfAsync(cluster, new SweepId("s"), sweep.Count));
    }

    /// <summary>Of the devices' time from the first lease to the last one, the share that they held none.</summary>
    private static double IdleShare(IReadOnlyList<JournalLine> lines)
    {
        var first = lines.Min(l => l.At);
        var queued = lines.Where(l => l.Event == JournalEvent.Begun).Max(l => l.At);
        var idle = TimeSpan.Zero;
        foreach (var device in lines.GroupBy(l => l.Device))
        {
            var free = first;
            foreach (var line in device.OrderBy(l => l.At).Where(l => l.At <= queued))
            {
                if (line.Event == JournalEvent.Begun)
                {
                    idle += line.At - free;
                }

                free = line.At;
            }

            // The last event of a device within the time is the begin of a slice that goes on, or an end with nothing after it.
            idle += device.Last(l => l.At <= queued).Event == JournalEvent.Begun ? TimeSpan.Zero : queued - free;
        }

        return idle / ((queued - first) * Silos * Devices);
    }
}
