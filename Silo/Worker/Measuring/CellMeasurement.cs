using System.Diagnostics;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>Measures a prepared cell: warm-up, calibration, blocks.</summary>
/// <param name="send">Writes a reply; never called inside a block.</param>
internal sealed class CellMeasurement(ComputeDevice device, Action<Reply> send)
{
    /// <summary>How often samples are sent.</summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromSeconds(0.25);

    /// <exception cref="ArgumentException">An order is no permutation of the variants, or a limit is negative.</exception>
    public void Run(Request.Measure request, IReadOnlyList<GatedVariant> variants)
    {
        Validate(request, variants.Count);
        using var counters = new Counters();
        using var heap = new QuietHeap();
        using var side = new SideWork(device);
        var timer = new SampleTimer(device, counters, side);

        var warmed = new WarmUp(timer, heap).Run(
            variants,
            TimeSpan.FromSeconds(request.WarmUpMinimumSeconds),
            TimeSpan.FromSeconds(request.WarmUpMaximumSeconds),
            request.MinimumSampleNanoseconds
        );
        send(
            new Reply.Warmed(
                request.Cell,
                warmed.Duration.TotalSeconds,
                warmed.Blocks,
                warmed.Steady,
                warmed.Iterations
            )
        );
        var extra = new SideCalibration(timer, heap).Repetitions(variants, warmed.Iterations);
        RunBlocks(request, variants, warmed.Iterations, extra, timer, heap);
    }

    private void RunBlocks(
        Request.Measure request,
        IReadOnlyList<GatedVariant> variants,
        IReadOnlyList<long> iterations,
        IReadOnlyList<long> extra,
        SampleTimer timer,
        QuietHeap heap
    )
    {
        var start = Stopwatch.GetTimestamp();
        var sent = start;
        var rows = new List<IReadOnlyList<long>>();
        for (var block = 0; block < request.Orders.Count; block++)
        {
            heap.BetweenBlocks();
            var order = request.Orders[block];
            for (var position = 0; position < order.Count; position++)
            {
                var place = order[position];
                var sample = timer.Time(variants[place], iterations[place], extra[place]);
                rows.Add(Row(place, block, position, iterations[place], sample));
            }

            if (Stopwatch.GetElapsedTime(sent) >= BatchInterval)
            {
                Send(request.Cell, rows);
                sent = Stopwatch.GetTimestamp();
            }
        }

        Send(request.Cell, rows);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var series = variants.Select(v => v.Workload.Series).ToList();
        send(new Reply.Measured(request.Cell, seconds, series.TrueForAll(s => s is null) ? null : series));
    }

    private static long[] Row(int variant, int block, int position, long iterations, Sample sample) =>
        [
            variant,
            block,
            position,
            iterations,
            sample.WallNanoseconds,
            sample.Counters.CpuNanoseconds,
            sample.DeviceNanoseconds,
            sample.Counters.Involuntary,
            sample.Counters.PressureMicroseconds,
            sample.StartNanoseconds,
        ];

    private void Send(string cell, List<IReadOnlyList<long>> rows)
    {
        if (rows.Count > 0)
        {
            send(new Reply.Samples(cell, rows));
            rows.Clear();
        }
    }

    private static void Validate(Request.Measure request, int variants)
    {
        if (request.Orders is null)
        {
            throw new ArgumentException("orders: is missing; give one list of the variants' places a block.");
        }

        for (var block = 0; block < request.Orders.Count; block++)
        {
            if (!request.Orders[block].Order().SequenceEqual(Enumerable.Range(0, variants)))
            {
                throw new ArgumentException(
                    $"orders[{block}]: [{string.Join(", ", request.Orders[block])}] must name each of the "
                        + $"{variants} variant(s) once, by its place from 0."
                );
            }
        }

        if (
            request.MinimumSampleNanoseconds < 0
            || !(request.WarmUpMinimumSeconds >= 0)
            || !(request.WarmUpMaximumSeconds >= 0)
            || request.WarmUpMaximumSeconds > TimeSpan.MaxValue.TotalSeconds / 2
        )
        {
            throw new ArgumentException(
                "minimum_sample_nanoseconds, warm_up_minimum_seconds and warm_up_maximum_seconds must be 0 or more."
            );
        }
    }
}
