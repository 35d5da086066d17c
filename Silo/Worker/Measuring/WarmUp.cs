using System.Diagnostics;
using System.Runtime.InteropServices;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Measuring;

/// <param name="Steady">False: the cap came before the trend was gone.</param>
/// <param name="Iterations">For each variant, in plan order: how many make a sample.</param>
internal sealed record WarmedUp(TimeSpan Duration, int Blocks, bool Steady, IReadOnlyList<long> Iterations);

/// <summary>Runs whole blocks, one iteration of each variant in plan order, until their total times have no trend left.</summary>
internal sealed class WarmUp(SampleTimer timer, QuietHeap heap)
{
    /// <summary>
    /// A sample's iterations come from the median of so many of a variant's last times: enough that the same work gets
    /// nearly the same count, because what a sample costs beside its iterations is shared out over them.
    /// </summary>
    private const int CalibrationTimes = 25;

    public WarmedUp Run(
        IReadOnlyList<GatedVariant> variants,
        TimeSpan atLeast,
        TimeSpan atMost,
        long minimumSampleNanoseconds
    )
    {
        var start = Stopwatch.GetTimestamp();
        var times = variants.Select(_ => new List<long>()).ToList();
        var totals = new List<long>();
        for (var blocks = 1; ; blocks++)
        {
            heap.BetweenBlocks();
            var total = 0L;
            foreach (var (variant, last) in variants.Zip(times))
            {
                var wall = timer.Time(variant, 1).WallNanoseconds;
                total += wall;
                Keep(last, wall, CalibrationTimes);
            }

            Keep(totals, total, KendallTrend.Length);
            var duration = Stopwatch.GetElapsedTime(start);
            var steady = duration >= atLeast && KendallTrend.IsSteady(CollectionsMarshal.AsSpan(totals));
            if (steady || duration >= atMost)
            {
                var iterations = variants.Zip(times, (v, t) => Iterations(v.Workload, t, minimumSampleNanoseconds));
                return new(duration, blocks, steady, [.. iterations]);
            }
        }
    }

    private static long Iterations(Workload workload, List<long> times, long minimumSampleNanoseconds)
    {
        if (workload.OneIterationPerSample)
        {
            return 1;
        }

        // A clock that has not moved between two readings counts as its resolution.
        var median = Math.Max(1, Median(times));
        return Math.Max(1, (long)Math.Ceiling(minimumSampleNanoseconds / median));
    }

    private static double Median(List<long> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }

    private static void Keep(List<long> last, long value, int most)
    {
        if (last.Count == most)
        {
            last.RemoveAt(0);
        }

        last.Add(value);
    }
}
