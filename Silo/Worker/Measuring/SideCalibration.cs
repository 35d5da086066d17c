using System.Diagnostics;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// How many repetitions of the side work make the extra work of a control, found anew in each launch after the warm-up.
/// A burst of it costs more than its repetitions: the variant has just had the caches (7 µs beside a 1 ms sample, which
/// would make 3.7% of 3%). So bursts are timed where they will be, behind a sample of the variant, and the count is
/// brought nearer in stages by what a burst took of the sample before it. Neighbours, because a busy machine changes its
/// speed: two times far apart say nothing of each other.
/// </summary>
internal sealed class SideCalibration(SampleTimer timer, QuietHeap heap)
{
    /// <summary>Least time of repetitions alone: the clock and the harness are then below 0.1% of it.</summary>
    private const double LeastNanoseconds = 2e6;

    private const int Stages = 3;

    /// <summary>Of a stage. Odd, so that the median is one of them; fewer where the variant is slow.</summary>
    private const int Rounds = 5;

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
        var tried = AtLeastOne(variant.ExtraWork * Nanoseconds(timer.Time(variant, iterations)) / one);
        for (var stage = 1; stage <= Stages; stage++)
        {
            var shares = new List<double>();
            do
            {
                heap.BetweenBlocks();
                var own = Nanoseconds(timer.Time(variant, iterations));
                shares.Add(Nanoseconds(timer.TimeSide(tried)) / own);
            } while (shares.Count < Rounds && Stopwatch.GetElapsedTime(start) < mostTime * stage / Stages);

            tried = AtLeastOne(tried * variant.ExtraWork / Median(shares));
        }

        return tried;
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
