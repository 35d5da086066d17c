using Layerbench.Worker.Gate;

namespace Layerbench.Worker.Measuring;

/// <summary>A variant of a block and the side work behind it, whose count approaches the variant's extra work.</summary>
/// <param name="first">Repetitions to begin with; 0 where the variant is no control.</param>
/// <param name="ownClock">The device has a clock of its own, which cannot be split.</param>
internal sealed class Burst(GatedVariant variant, long iterations, long first, bool ownClock)
{
    /// <summary>What the side work took of the samples it stood behind, since the count last changed.</summary>
    private readonly List<double> shares = [];

    public long Repetitions { get; private set; } = first;

    /// <param name="one">Nanoseconds of one repetition.</param>
    public static Burst First(GatedVariant variant, long iterations, SampleTimer timer, double one)
    {
        var sample = timer.Time(variant, iterations);
        var wanted = variant.ExtraWork * Nanoseconds(sample) / one;
        return new(variant, iterations, wanted > 0 ? AtLeastOne(wanted) : 0, sample.DeviceNanoseconds >= 0);
    }

    /// <summary>One sample with the side work behind it: in one section, or after it where one clock cannot tell them apart.</summary>
    public void Time(SampleTimer timer)
    {
        var sample = timer.Time(variant, iterations, ownClock ? 0 : Repetitions);
        if (Repetitions > 0)
        {
            shares.Add(
                ownClock
                    ? Nanoseconds(timer.TimeSide(Repetitions)) / Nanoseconds(sample)
                    : (double)Math.Max(1, sample.SideNanoseconds)
                        / Math.Max(1, sample.WallNanoseconds - sample.SideNanoseconds)
            );
        }
    }

    /// <summary>Sets the count by what was seen since the last time.</summary>
    public void Approach()
    {
        if (Repetitions > 0)
        {
            Repetitions = AtLeastOne(Repetitions * variant.ExtraWork / Median(shares));
            shares.Clear();
        }
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
