using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>A variant's times and those of the side work behind it, from blocks as they will be measured.</summary>
/// <param name="tried">Repetitions of the side work in each; 0 where the variant is no control.</param>
/// <param name="ownClock">The device has a clock of its own, which cannot be split.</param>
internal sealed class Burst(GatedVariant variant, long iterations, long tried, bool ownClock)
{
    private const int FirstTimes = 3;

    private readonly List<double> own = [];
    private readonly List<double> bursts = [];

    /// <param name="one">Nanoseconds of one repetition.</param>
    public static Burst First(GatedVariant variant, long iterations, SampleTimer timer, double one)
    {
        // One time alone may be an outlier, and so far off that a correction by single repetitions goes wrong.
        var samples = Enumerable.Range(0, FirstTimes).Select(_ => timer.Time(variant, iterations)).ToList();
        var wanted = variant.ExtraWork * Median([.. samples.Select(Nanoseconds)]) / one;
        return new(variant, iterations, wanted > 0 ? AtLeastOne(wanted) : 0, samples[0].DeviceNanoseconds >= 0);
    }

    /// <summary>One sample with the side work behind it: in one section, or after it where one clock cannot tell them apart.</summary>
    public void Time(SampleTimer timer)
    {
        var sample = timer.Time(variant, iterations, ownClock ? 0 : tried);
        if (tried > 0)
        {
            own.Add(ownClock ? Nanoseconds(sample) : Math.Max(1, sample.WallNanoseconds - sample.SideNanoseconds));
            bursts.Add(ownClock ? Nanoseconds(timer.TimeSide(tried)) : sample.SideNanoseconds);
        }
    }

    /// <summary>
    /// How many make the variant's extra work. What a burst adds is taken as its share of the sample it stands behind, and
    /// then the median: where the machine is slow for a while both are, and a difference of times would count that twice.
    /// </summary>
    public long Repetitions(double one)
    {
        if (tried == 0)
        {
            return 0;
        }

        var added = Median([.. bursts.Zip(own, (b, o) => b / o)]);
        return AtLeastOne(tried + (variant.ExtraWork - added) * Median(own) / one);
    }

    /// <summary>By the clock that ratios are taken by.</summary>
    public static double Nanoseconds(Sample sample) =>
        Math.Max(1, sample.DeviceNanoseconds >= 0 ? sample.DeviceNanoseconds : sample.WallNanoseconds);

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static long AtLeastOne(double repetitions) => Math.Max(1, (long)Math.Round(repetitions));
}
