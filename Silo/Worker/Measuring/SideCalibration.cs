using System.Diagnostics;
using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// How many repetitions of the side work make the extra work of a control, found anew in each launch after the warm-up.
/// A burst of it costs more than its repetitions do among themselves, and more again behind a whole block than behind
/// its variant alone: other variants have had the caches meanwhile (a burst of 30 µs took 10 to 30% longer on a busy
/// machine). So bursts are timed where they will be, in whole blocks, and the counts are brought nearer in stages by what
/// a burst took of the sample it stands behind. Of that one, because a busy machine changes its speed: two times far
/// apart say nothing of each other.
/// </summary>
internal sealed class SideCalibration(SampleTimer timer, QuietHeap heap)
{
    /// <summary>Least time of repetitions alone: the clock and the harness are then below 0.1% of it.</summary>
    private const double LeastNanoseconds = 2e6;

    /// <summary>Blocks of each stage. Odd, so that the median is one of them; fewer where blocks are slow.</summary>
    private static readonly int[] rounds = [5, 11];

    /// <summary>Also where blocks are slow: one alone may be an outlier.</summary>
    private const int LeastRounds = 3;

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
        var bursts = variants.Select((v, i) => Burst.First(v, iterations[i], timer, one)).ToList();
        var start = Stopwatch.GetTimestamp();
        for (var stage = 1; stage <= rounds.Length; stage++)
        {
            var round = 0;
            do
            {
                heap.BetweenBlocks();
                bursts.ForEach(b => b.Time(timer));
            } while (
                ++round < LeastRounds
                || (round < rounds[stage - 1] && Stopwatch.GetElapsedTime(start) < mostTime * stage / rounds.Length)
            );

            bursts.ForEach(b => b.Approach());
        }

        return [.. bursts.Select(b => b.Repetitions)];
    }

    /// <summary>Time of one repetition among many; doubling warms the side work up besides.</summary>
    private double OneNanoseconds()
    {
        for (var repetitions = 64L; ; repetitions *= 2)
        {
            if (Burst.Nanoseconds(timer.TimeSide(repetitions)) >= LeastNanoseconds)
            {
                return Burst.Median([
                        .. Enumerable.Range(0, 3).Select(_ => Burst.Nanoseconds(timer.TimeSide(repetitions))),
                    ]) / repetitions;
            }
        }
    }
}
