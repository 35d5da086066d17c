using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Data;

/// <summary>How much is kept of a launch's samples.</summary>
public enum SampleDetail
{
    /// <summary>Every accepted sample, by block.</summary>
    Samples,

    /// <summary>Least, lower quartile, median, upper quartile, greatest.</summary>
    Quartiles,

    /// <summary>The median alone.</summary>
    Medians,
}

/// <summary>One time launch of one cell, as a report tells it.</summary>
/// <param name="Ratios">By variant: the median over blocks of variant ÷ baseline; null for the baseline and where there is none.</param>
/// <param name="Seconds">By variant: times of one iteration, as <see cref="SampleDetail"/> says; empty where none was accepted.</param>
/// <param name="Refused">Samples that were set aside, over all variants.</param>
public sealed record LaunchDigest(
    int Number,
    DeviceId Device,
    DateTimeOffset StartedAt,
    bool Steady,
    IReadOnlyList<double?> Ratios,
    IReadOnlyList<double[]> Seconds,
    int Refused
)
{
    /// <exception cref="BadEvidenceException">It has samples that no launch of such a cell can have.</exception>
    public static LaunchDigest Of(LaunchRecord launch, int variants, int baseline, bool exclusions)
    {
        var screened = exclusions ? Exclusions.Apply(launch) : launch;
        var summary = LaunchSummary.Of(screened, variants, baseline);
        var seconds = screened
            .Samples.Select(SampleScreen.Screen)
            .Where(s => s.Accepted)
            .OrderBy(s => s.Block)
            .ToLookup(s => s.Variant, s => s.Seconds);
        return new(
            launch.Number,
            launch.Device,
            launch.StartedAt,
            launch.Steady,
            [.. summary.LogRatios.Select(log => log is { } l ? Math.Exp(l) : (double?)null)],
            [.. Enumerable.Range(0, variants).Select(v => seconds[v].ToArray())],
            summary.Samples.Sum() - summary.Accepted.Sum()
        );
    }

    /// <summary>The same with less of its samples; from more to less alone.</summary>
    public LaunchDigest At(SampleDetail detail) =>
        detail == SampleDetail.Samples
            ? this
            : this with
            {
                Seconds = [.. Seconds.Select(s => s.Length == 0 ? s : Reduced(s, detail))],
            };

    private static double[] Reduced(double[] seconds, SampleDetail detail) =>
        detail == SampleDetail.Medians
            ? [Quantiles.Median(seconds)]
            : [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => Quantiles.Type7(seconds, p))];
}
