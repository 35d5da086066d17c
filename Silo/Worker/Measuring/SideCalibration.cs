using System.Diagnostics;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// How many repetitions of the side work make the extra work of a control: from whole samples of the variant and of the
/// side work, taken in turn after the warm-up, so that both see the same machine. Anew in each launch.
/// </summary>
internal sealed class SideCalibration(SampleTimer timer, QuietHeap heap)
{
    /// <summary>Least time of one sample of the side work: the clock and the harness are then below 0.1% of it.</summary>
    private const double LeastNanoseconds = 2e6;

    /// <summary>Odd, so that the median is one of them; less where the variant is slow.</summary>
    private const int MostRounds = 9;

    private static readonly TimeSpan mostTime = TimeSpan.FromSeconds(0.5);

    /// <returns>For each variant; 0 where it is no control.</returns>
    public IReadOnlyList<long> Repetitions(IReadOnlyList<GatedVariant> variants, IReadOnlyList<long> iterations)
    {
        if (variants.All(v => v.ExtraWork == 0))
        {
            return [.. variants.Select(_ => 0L)];
        }

        heap.BetweenBlocks();
        var enough = LongEnough();
        return [.. variants.Zip(iterations, (v, n) => v.ExtraWork == 0 ? 0 : Of(v, n, enough))];
    }

    private long Of(GatedVariant variant, long iterations, long repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        var perSample = new List<double>();
        do
        {
            heap.BetweenBlocks();
            var own = Nanoseconds(timer.Time(variant, iterations));
            perSample.Add(own * repetitions / Nanoseconds(timer.TimeSide(repetitions)));
        } while (perSample.Count < MostRounds && Stopwatch.GetElapsedTime(start) < mostTime);

        perSample.Sort();
        return (long)Math.Round(variant.ExtraWork * perSample[perSample.Count / 2]);
    }

    /// <summary>Repetitions that take the least time; doubling warms the side work up besides.</summary>
    private long LongEnough()
    {
        for (var repetitions = 64L; ; repetitions *= 2)
        {
            if (Nanoseconds(timer.TimeSide(repetitions)) >= LeastNanoseconds)
            {
                return repetitions;
            }
        }
    }

    /// <summary>By the clock that ratios are taken by.</summary>
    private static double Nanoseconds(Sample sample) =>
        Math.Max(1, sample.DeviceNanoseconds >= 0 ? sample.DeviceNanoseconds : sample.WallNanoseconds);
}
