using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench;

/// <summary>What a launch pays before its first cell, so that a slice shares it.</summary>
internal static class WorkerStartCost
{
    private const int Starts = 5;

    public static async Task RunAsync()
    {
        var catalog = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
        foreach (var backend in catalog.Backends.Where(b => b.Command is not null))
        {
            Machine.Title($"Worker start, {backend.Name}");
            var hello = new List<double>();
            var first = new List<double>();
            for (var i = 0; i < Starts; i++)
            {
                var watch = Stopwatch.StartNew();
                await using var worker = await WorkerProbe.StartAsync(catalog, backend.Name, threads: 1);
                hello.Add(watch.Elapsed.TotalSeconds);
                await worker.MeasureAsync(
                    "bench.empty",
                    new Dictionary<string, AxisValue>(StringComparer.Ordinal)
                    {
                        ["batch"] = AxisValue.Of(1L),
                        ["seq_len"] = AxisValue.Of(1L),
                        ["d_model"] = AxisValue.Of(1L),
                    },
                    1,
                    TimeSpan.FromTicks(1)
                );
                // The warm-up's least length is the protocol's, not the worker's start.
                first.Add(watch.Elapsed.TotalSeconds - 0.2);
            }

            Machine.Line("process to hello, median of 5", Machine.Median(hello), "s", "N2");
            Machine.Line("process to first sample, less 0.2 s of warm-up", Machine.Median(first), "s", "N2");
        }
    }
}
