using System.Globalization;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// Sets blocks of a GPU's launch aside where the GPU itself says that it was slowed down. The readings are taken between
/// the blocks, not in them: a block is kept only where those within it, the last before it and the first after it all
/// show the GPU unhindered, because a state may have begun right after the one and ended right before the other.
/// </summary>
/// <remarks>
/// Judged once, when the launch is measured, and stored with the samples; their times are stored too, so that an
/// analysis without exclusions takes them back (<see cref="Undo"/>).
/// </remarks>
public static class GpuEvidence
{
    /// <summary>
    /// A clock below this share of the cell's median is a slowdown that no reason was given for. Far below what a power
    /// limit moves a clock by from one reading to the next, which is a busy GPU's usual state.
    /// </summary>
    public const double LeastClock = 0.9;

    private const string Prefix = "gpu ";

    private const GpuSlowdown Slowing =
        GpuSlowdown.Hardware | GpuSlowdown.SoftwareThermal | GpuSlowdown.HardwareThermal | GpuSlowdown.PowerBrake;

    /// <param name="samples">Of one cell in one launch.</param>
    /// <param name="starts">When each sample began, by the readings' clock; null where the worker does not tell.</param>
    /// <param name="readings">Of the cell's GPU, in the order of time.</param>
    public static IReadOnlyList<Sample> Apply(
        IReadOnlyList<Sample> samples,
        IReadOnlyList<long?> starts,
        IReadOnlyList<GpuReading> readings
    )
    {
        var blocks = samples
            .Zip(starts)
            .Where(s => s.Second is not null)
            .GroupBy(s => s.First.Block)
            .Select(g =>
                (
                    Block: g.Key,
                    Begin: g.Min(s => s.Second!.Value),
                    End: g.Max(s => s.Second!.Value + Math.Max(0, s.First.WallNanoseconds))
                )
            )
            .ToList();
        if (blocks.Count == 0 || readings.Count == 0)
        {
            return samples;
        }

        var near = Around(readings, blocks.Min(b => b.Begin), blocks.Max(b => b.End));
        double[] clocks = [.. near.Where(TellsClock).Select(r => (double)r.ClockMegahertz!.Value)];
        var usual = clocks.Length == 0 ? double.NaN : Quantiles.Median(clocks);
        var excluded = new Dictionary<int, string>();
        foreach (var (block, begin, end) in blocks)
        {
            if (Around(readings, begin, end).Select(r => Why(r, usual)).FirstOrDefault(w => w is not null) is { } why)
            {
                excluded[block] = why;
            }
        }

        return excluded.Count == 0
            ? samples
            :
            [
                .. samples.Select(s =>
                    s.Accepted && excluded.TryGetValue(s.Block, out var why)
                        ? s with
                        {
                            Accepted = false,
                            Reason = why,
                        }
                        : s
                ),
            ];
    }

    /// <summary>The launch with what was set aside for its GPU's state taken back.</summary>
    public static LaunchRecord Undo(LaunchRecord launch) =>
        launch.Samples.Any(IsMarked)
            ? launch with
            {
                Samples = [.. launch.Samples.Select(s => IsMarked(s) ? s with { Accepted = true, Reason = null } : s)],
            }
            : launch;

    private static bool IsMarked(Sample sample) =>
        !sample.Accepted && sample.Reason?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>Those within the time, and the nearest on either side.</summary>
    private static IEnumerable<GpuReading> Around(IReadOnlyList<GpuReading> readings, long begin, long end)
    {
        var first = CountBefore(readings, begin);
        var last = CountBefore(readings, end);
        for (var i = Math.Max(0, first - 1); i <= Math.Min(last, readings.Count - 1); i++)
        {
            yield return readings[i];
        }
    }

    /// <summary>Readings before this time, by bisection: a launch has thousands.</summary>
    private static int CountBefore(IReadOnlyList<GpuReading> readings, long time)
    {
        var (low, high) = (0, readings.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = readings[middle].AtNanoseconds < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool TellsClock(GpuReading reading) =>
        reading.ClockMegahertz > 0 && !reading.Slowdown.HasFlag(GpuSlowdown.Idle);

    private static string? Why(GpuReading reading, double usualMegahertz)
    {
        var what =
            (reading.Slowdown & Slowing) != GpuSlowdown.None ? Name(reading.Slowdown & Slowing)
            : TellsClock(reading) && reading.ClockMegahertz < LeastClock * usualMegahertz ? "clock"
            : null;
        return what is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{what}{Told(reading.ClockMegahertz, "MHz")}{Told(reading.Celsius, "C")}{Told(reading.Watts, "W")}"
            );
    }

    /// <summary>The most particular of several: a hardware slowdown comes with its cause.</summary>
    private static string Name(GpuSlowdown slowdown) =>
        slowdown.HasFlag(GpuSlowdown.HardwareThermal) ? "hw_thermal_slowdown"
        : slowdown.HasFlag(GpuSlowdown.PowerBrake) ? "hw_power_brake"
        : slowdown.HasFlag(GpuSlowdown.Hardware) ? "hw_slowdown"
        : "sw_thermal_slowdown";

    private static string Told(double? value, string unit) =>
        value is { } v ? string.Create(CultureInfo.InvariantCulture, $" {v:0} {unit}") : "";
}
