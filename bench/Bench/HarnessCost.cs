using System.Diagnostics;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench;

/// <summary>
/// What the harness adds to a sample: an empty kernel in the worker's own timed section, and a real kernel in the
/// worker against the same loop written by hand against the same framework.
/// </summary>
internal static class HarnessCost
{
    private const int Pairs = 6;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(1);

    private static readonly IReadOnlyDictionary<string, AxisValue> Kernel = new Dictionary<string, AxisValue>(
        StringComparer.Ordinal
    )
    {
        ["batch"] = AxisValue.Of(8L),
        ["seq_len"] = AxisValue.Of(32L),
        ["d_model"] = AxisValue.Of(128L),
        ["d_ff"] = AxisValue.Of(512L),
    };

    private static readonly IReadOnlyDictionary<string, AxisValue> Empty = new Dictionary<string, AxisValue>(
        StringComparer.Ordinal
    )
    {
        ["batch"] = AxisValue.Of(1L),
        ["seq_len"] = AxisValue.Of(1L),
        ["d_model"] = AxisValue.Of(1L),
    };

    public static async Task RunAsync()
    {
        var catalog = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
        foreach (var backend in catalog.Backends.Where(b => b.Command is not null))
        {
            Machine.Title($"Harness cost, {backend.Name}");
            await EmptyAsync(catalog, backend.Name);
            await ByHandAsync(catalog, backend);
        }
    }

    private static async Task EmptyAsync(WorkerCatalog catalog, string backend)
    {
        await using var worker = await WorkerProbe.StartAsync(catalog, backend, threads: 1);
        // One iteration: nearly all of it is what surrounds the loop inside the timed section.
        var one = await worker.MeasureAsync("bench.empty", Empty, 500, TimeSpan.FromTicks(1));
        var once = one.Where(s => s.Iterations == one[0].Iterations).ToList();
        var many = await worker.MeasureAsync("bench.empty", Empty, 100, SampleTime);
        var perIteration = WorkerProbe.MedianSeconds(many) * 1e9;
        var around = Machine.Median(once.Select(s => (double)s.WallNanoseconds)) - perIteration * once[0].Iterations;
        Machine.Line("an iteration of an empty kernel (loop and call)", perIteration, "ns", "N1");
        Machine.Line("around the loop, once a sample", Math.Max(0, around), "ns");
        Machine.Line(
            "harness in a 1 ms sample of one iteration",
            (Math.Max(0, around) + perIteration) / SampleTime.TotalNanoseconds * 100,
            "% (asked: at most 0.2)",
            "N4"
        );
    }

    private static async Task ByHandAsync(WorkerCatalog catalog, BackendStatus backend)
    {
        if (ByHandCommand(backend) is not { } command)
        {
            Machine.Line("the same loop by hand", "not measured: no hand-written loop for this backend in this build");
            return;
        }

        var ratios = new List<double>();
        double hand = 0,
            harness = 0;
        for (var pair = 0; pair < Pairs; pair++)
        {
            // In turn, the leader changing, so that drift of the machine falls on both.
            for (var i = 0; i < 2; i++)
            {
                if ((pair + i) % 2 == 0)
                {
                    hand = await HandAsync(command);
                }
                else
                {
                    await using var worker = await WorkerProbe.StartAsync(catalog, backend.Name, threads: 1);
                    harness = WorkerProbe.MedianSeconds(
                        await worker.MeasureAsync("ffn.dense", Kernel, 200, SampleTime)
                    );
                }
            }

            ratios.Add(harness / hand);
        }

        Machine.Line("ffn.dense 8 x 32 x 128, h 512, 1 thread, by hand", hand * 1e6, "µs (last)", "N1");
        Machine.Line(
            "worker ÷ by hand, median of pairs [least, greatest]",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Machine.Median(ratios):F4} [{ratios.Min():F4}, {ratios.Max():F4}], {Pairs} pairs of fresh processes"
            )
        );
    }

    /// <summary>Fresh process, same allocator and thread count as the worker's; prints seconds of one iteration.</summary>
    private static async Task<double> HandAsync((string Program, string[] Arguments) command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var name in new[] { "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS" })
        {
            start.Environment[name] = "1";
        }

        if (Allocator.Find().Path is { } path)
        {
            start.Environment["LD_PRELOAD"] = path;
        }

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(text.Trim(), CultureInfo.InvariantCulture);
    }

    private static (string, string[])? ByHandCommand(BackendStatus backend)
    {
        var folder = AppContext.BaseDirectory;
        if (backend.Name == "pytorch")
        {
            return (backend.Command!.Program, [Path.Combine(folder, "by_hand.py")]);
        }

        var built = Path.Combine(
            folder,
            "..",
            "..",
            "Layerbench.Bench.TorchSharp",
            Path.GetFileName(folder.TrimEnd('/')),
            "Layerbench.Bench.TorchSharp.dll"
        );
        return File.Exists(built) ? ("dotnet", [built]) : null;
    }
}
