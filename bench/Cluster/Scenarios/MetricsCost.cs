using System.Diagnostics;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Harness;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;
using Layerbench.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>What it costs to be watched: scraping a silo that coordinates a hundred sweeps, and counting as cells go by.</summary>
internal static class MetricsCost
{
    private const int Sweeps = 100;
    private const int Scrapes = 50;
    private const int SliceCells = 16;
    private const int Slices = 20_000;
    private const int Cells = 5_000;

    /// <summary>How often Prometheus scrapes in deploy/.</summary>
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(15);

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        var (perScrape, scheduling) = await WatchedAsync();
        var perCell = await CountAsync();
        Machine.Line(
            "counting, in this process",
            $"{Figures.Of(perCell, "0.00")} µs a cell, in slices of {SliceCells}"
        );
        Figures.Line("counting, of the processor time of a cell", 100 * perCell / scheduling, "%", "1 or less", "0.00");
        Figures.Line("scraping every 15 s, of one CPU", 100 * (perScrape / interval), "%", "1 or less", "0.00");
        return true;
    }

    /// <returns>Processor time of the silo for one scrape; microseconds of all processes for a cell that takes no time.</returns>
    private static async Task<(TimeSpan Scrape, double Cell)> WatchedAsync()
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions
            {
                Silos = 1,
                Devices = 4,
                Cell = TimeSpan.Zero,
                Journals = false,
            }
        );
        await Until.TrueAsync(async () => (await cluster.Fleet.Catalog()).Backends.Count > 0, TimeSpan.FromMinutes(1));
        var sweeps = new List<Layerbench.Cluster.ISweepGrain>();
        var terms = Layerbench.Cluster.SweepTerms.Ordinary with { Failures = new FailureBudget(Cells: 2) };
        foreach (var number in Enumerable.Range(0, Sweeps))
        {
            sweeps.Add(await cluster.StartSweepAsync($"sweep-{number:D3}", Text(number), terms: terms));
        }

        foreach (var sweep in sweeps)
        {
            await ClusterHarness.DoneAsync(sweep);
        }

        using var client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{cluster.Parts.Record.Silos[0].Ports.Http}"),
        };
        await Until.TrueAsync(
            async () => Shown(await client.GetStringAsync("/metrics"), "layerbench_noise_ratio{") == Sweeps,
            TimeSpan.FromMinutes(8)
        );
        var series = (await client.GetStringAsync("/metrics"))
            .Split('\n')
            .Count(l => l.Length > 0 && !l.StartsWith('#'));
        var silo = cluster.ProcessOf(cluster.Silos[0]);
        var idle = await SpentAsync(silo, () => Task.Delay(TimeSpan.FromSeconds(10)));
        var times = new List<double>();
        var busy = await SpentAsync(
            silo,
            async () =>
            {
                foreach (var _ in Enumerable.Range(0, Scrapes))
                {
                    var since = Stopwatch.GetTimestamp();
                    await client.GetByteArrayAsync("/metrics");
                    times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                }
            }
        );
        times.Sort();
        var what = $"a silo with {Sweeps} sweeps";
        Figures.Line($"{what}: series", series, "", "2,000 or fewer", "N0");
        Figures.Line($"{what}: a scrape, median of {Scrapes}", times[Scrapes / 2], "ms", "50 or less");
        Machine.Line($"{what}: the longest scrape", $"{Figures.Of(times[^1])} ms");
        var own = busy.Spent - idle.Spent / idle.Took * busy.Took;
        var perScrape = (own > TimeSpan.Zero ? own : TimeSpan.Zero) / Scrapes;
        Machine.Line($"{what}: processor time of a scrape", $"{Figures.Of(perScrape.TotalMilliseconds)} ms");
        Machine.Line("load average", (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]);
        var before = cluster.ProcessorTime();
        await ClusterHarness.DoneAsync(await cluster.StartSweepAsync("scheduled", $"simulated: {Cells}"));
        var after = cluster.ProcessorTime();
        var spent = after.Silos - before.Silos + after.Gateway - before.Gateway + after.Postgres - before.Postgres;
        var perCell = spent.TotalMicroseconds / Cells;
        Machine.Line("processor time of a cell that takes no time", $"{Figures.Of(perCell, "N0")} µs");
        return (perScrape, perCell);
    }

    /// <returns>Microseconds of one cell, with everything listened to.</returns>
    private static async Task<double> CountAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry(typeof(MetricsCost).Assembly, "bench");
        using var host = builder.Build();
        await host.StartAsync();
        using var board = new SweepBoard(TimeProvider.System);
        var sweep = board.Open(new SweepId("counted"));
        Count(sweep, Slices / 10);
        var since = Environment.CpuUsage.TotalTime;
        Count(sweep, Slices);
        var spent = Environment.CpuUsage.TotalTime - since;
        await host.StopAsync();
        return spent.TotalMicroseconds / (Slices * SliceCells);
    }

    /// <summary>As a coordinator, a device and a store count for a slice.</summary>
    private static void Count(SweepMeter sweep, int slices)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var slice = 0; slice < slices; slice++)
        {
            var token = new LeaseToken(slice.ToString(CultureInfo.InvariantCulture));
            var cells = Enumerable
                .Range(slice * SliceCells, SliceCells)
                .Select(i => new Cell(i, new CellId("c"), new Point([], []), [], ""))
                .ToList();
            sweep.Given(new LeaseAnswer.Granted(new Slice(token, new DeviceId("a/cpu"), 1, cells, now), []), now);
            EngineMetrics.Dispatched(TimeSpan.FromMilliseconds(1));
            EngineMetrics.Started(TimeSpan.FromMilliseconds(1));
            foreach (var _ in cells)
            {
                EngineMetrics.Visited(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
                EngineMetrics.CostLearnt("ffn.dense", 1, 1.1);
            }

            ResultMetrics.Accepted(sweep.Sweep, SliceCells);
            EngineMetrics.Committed(TimeSpan.FromMilliseconds(1), 1);
            EngineMetrics.Reported(TimeSpan.FromMilliseconds(1));
            sweep.Told(
                token,
                new TellAnswer.Accepted([]),
                [.. cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed(), 1.1))],
                now
            );
        }
    }

    private static async Task<(TimeSpan Spent, TimeSpan Took)> SpentAsync(
        LocalCluster.Processes.ProcessMark process,
        Func<Task> work
    )
    {
        var (before, since) = (process.ProcessorTime, Stopwatch.GetTimestamp());
        await work();
        return (process.ProcessorTime - before, Stopwatch.GetElapsedTime(since));
    }

    private static int Shown(string text, string series) =>
        text.Split('\n').Count(l => l.StartsWith(series, StringComparison.Ordinal));

    private static string Text(int number) =>
        $"name: watched-{number}\n"
        + """
            variants:
              - {variant: sim.cost, label: base, with: {cost_us: 100}}
              - {variant: sim.cost, label: other, with: {cost_us: 87}}
            backend: simulated
            axes: {replicate: [1, 2, 3, 4]}
            measure: {launches: 2, memory_launches: 0, blocks: 5}
            """;
}
