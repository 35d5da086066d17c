using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// Sets blocks aside on outside evidence: the operating system says that something else had the CPU. A block goes whole,
/// for all its variants, and how long a sample took is never looked at but to make a rate of a count.
/// </summary>
/// <remarks>
/// The thresholds are conservative: what a machine does all the time is its usual state, and no evidence against one
/// block. The share that was set aside is part of every result.
/// </remarks>
public static class Exclusions
{
    internal const string Preempted = "preempted";
    internal const string CpuPressure = "cpu pressure";

    /// <summary>Involuntary switches in one sample below which nothing is concluded.</summary>
    public const long LeastSwitches = 5;

    /// <summary>Times the launch's median rate of switches.</summary>
    public const double SwitchFactor = 10;

    /// <summary>Share of a sample's wall time in which something waited for a CPU (Linux PSI, <c>some</c>).</summary>
    public const double LeastPressure = 0.5;

    /// <summary>Times the launch's median share.</summary>
    public const double PressureFactor = 2;

    /// <summary>The launch with the samples of such blocks marked as not accepted. One of memory is left as it is.</summary>
    public static LaunchRecord Apply(LaunchRecord launch)
    {
        if (launch.Kind != LaunchKind.Time || launch.Samples.Count == 0)
        {
            return launch;
        }

        var usualRate = Median(launch.Samples.Select(SwitchRate));
        var usualPressure = Median(launch.Samples.Select(Pressure));
        var excluded = new Dictionary<int, string>();
        foreach (var sample in launch.Samples)
        {
            if (Why(sample, usualRate, usualPressure) is { } reason)
            {
                excluded.TryAdd(sample.Block, reason);
            }
        }

        return excluded.Count == 0
            ? launch
            : launch with
            {
                Samples = [.. launch.Samples.Select(s => Marked(s, excluded.GetValueOrDefault(s.Block)))],
            };
    }

    private static Sample Marked(Sample sample, string? reason) =>
        reason is null || !sample.Accepted ? sample : sample with { Accepted = false, Reason = reason };

    private static string? Why(Sample sample, double usualRate, double usualPressure) =>
        sample.InvoluntarySwitches >= LeastSwitches && SwitchRate(sample) > SwitchFactor * usualRate ? Preempted
        : Pressure(sample) is var pressure && pressure > LeastPressure && pressure > PressureFactor * usualPressure
            ? CpuPressure
        : null;

    /// <summary>Per nanosecond; NaN where it is unknown or the sample is no time.</summary>
    private static double SwitchRate(Sample sample) =>
        sample.InvoluntarySwitches < 0 || sample.WallNanoseconds <= 0
            ? double.NaN
            : (double)sample.InvoluntarySwitches / sample.WallNanoseconds;

    private static double Pressure(Sample sample) =>
        sample.PressureMicroseconds < 0 || sample.WallNanoseconds <= 0
            ? double.NaN
            : 1000.0 * sample.PressureMicroseconds / sample.WallNanoseconds;

    /// <summary>NaN, which no comparison passes, where nothing is known.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v))];
        return known.Length == 0 ? double.NaN : Quantiles.Median(known);
    }
}
