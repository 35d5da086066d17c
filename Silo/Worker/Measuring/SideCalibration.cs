using System.Diagnostics;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// How many repetitions of the side work make the extra work of a control, found anew in each launch after the warm-up.
/// A burst of it costs more than its repetitions: the variant has just had the caches (7 µs beside a 1 ms sample, which
/// would make 3.7% of 3%). So bursts are timed where they will be, behind a sample of the variant, and only their
/// distance from what is wanted goes by the time of one repetition.
/// </summary>
internal sealed class SideCalibration(SampleTimer timer, QuietHeap heap)
{
    /// <summary>Least time of repetitions alone: the clock and the harness are then below 0.1% of it.</summary>
    private const double LeastNanoseconds = 2e6;

    /// <summary>Odd, so that the median is one of them; less where the variant is slow.</summary>
    private const int MostRounds = 15;

    private static readonly TimeSpan mostTime = TimeSpan.FromSeconds(0.5);

    /// <returns>For each variant; 0 where it is no control.</returns>
    public IReadOnlyList<long> Repetitions(IReadOnlyList<GatedVariant> variants, IReadOnlyList<long> iterations)
    {
        if (variants.All(v => v.ExtraWork == 0))
        {
            return [.. variants.Select(_ => 0L)];
        }

        heap.BetweenBlocks();
        var one = OneNanoseconds();
        return [.. variants.Zip(iterations, (v, n) => v.ExtraWork == 0 ? 0 : Of(v, n, one))];
    }

    private long Of(GatedVariant variant, long iterations, double one)
    {
        var start = Stopwatch.GetTimestamp();
        var own = new List<double> { Nanoseconds(timer.Time(variant, iterations)) };
        var tried = AtLeastOne(variant.ExtraWork * own[0] / one);
        var bursts = new List<double>();
        do
        {
            heap.BetweenBlocks();
            own.Add(Nanoseconds(timer.Time(variant, iterations)));
            bursts.Add(Nanoseconds(timer.TimeSide(tried)));
        } while (bursts.Count < MostRounds && Stopwatch.GetElapsedTime(start) < mostTime);

        return AtLeastOne(tried + (variant.ExtraWork * Median(own) - Median(bursts)) / one);
    }

    /// <summary>Time of one repetition among many; doubling warms the side work up besides.</summary>
    private double OneNanoseconds()
    {
        for (var repetitions = 64L; ; repetitions *= 2)
        {
            if (Nanoseconds(timer.TimeSide(repetitions)) >= LeastNanoseconds)
            {
                return Median([.. Enumerable.Range(0, 3).Select(_ => Nanoseconds(timer.TimeSide(repetitions)))])
                    / repetitions;
            }
        }
    }

    private static long AtLeastOne(double repetitions) => Math.Max(1, (long)Math.Round(repetitions));

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>By the clock that ratios are taken by.</summary>
    private static double Nanoseconds(Sample sample) =>
        Math.Max(1, sample.DeviceNanoseconds >= 0 ? sample.DeviceNanoseconds : sample.WallNanoseconds);
}
