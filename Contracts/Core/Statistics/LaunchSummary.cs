using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>One time launch of one cell, reduced to a value per variant: the launch is the unit of statistics.</summary>
/// <param name="LogSeconds">By variant: log of the median time of one iteration; null where no sample was accepted.</param>
/// <param name="LogRatios">By variant: median over blocks of log(variant ÷ baseline); null for the baseline and where no block has both.</param>
/// <param name="Accepted">By variant: samples accepted.</param>
/// <param name="Samples">By variant: samples taken.</param>
public sealed record LaunchSummary(
    IReadOnlyList<double?> LogSeconds,
    IReadOnlyList<double?> LogRatios,
    IReadOnlyList<int> Accepted,
    IReadOnlyList<int> Samples
)
{
    /// <exception cref="BadEvidenceException">A sample is of a variant that the cell does not have, or a block has two of one variant.</exception>
    public static LaunchSummary Of(LaunchRecord launch, int variants, int baseline)
    {
        var samples = new int[variants];
        var logs = new SortedDictionary<int, double>[variants];
        for (var variant = 0; variant < variants; variant++)
        {
            logs[variant] = [];
        }

        var seen = new HashSet<(int, int)>();
        foreach (var sample in launch.Samples.Select(SampleScreen.Screen))
        {
            if (sample.Variant < 0 || sample.Variant >= variants || !seen.Add((sample.Variant, sample.Block)))
            {
                throw new BadEvidenceException(
                    $"Launch {launch.Number} of cell {launch.Cell} has a sample of variant {sample.Variant} in block "
                        + $"{sample.Block} that is the second there or of none of the {variants} variants."
                );
            }

            samples[sample.Variant]++;
            if (sample.Accepted)
            {
                logs[sample.Variant][sample.Block] = Math.Log(sample.Seconds);
            }
        }

        return new LaunchSummary(
            [.. logs.Select(l => MedianOrNull([.. l.Values]))],
            [.. logs.Select((l, variant) => variant == baseline ? null : MedianOrNull(Ratios(l, logs[baseline])))],
            [.. logs.Select(l => l.Count)],
            samples
        );
    }

    private static double[] Ratios(SortedDictionary<int, double> variant, SortedDictionary<int, double> baseline) =>
        [.. variant.Where(v => baseline.ContainsKey(v.Key)).Select(v => v.Value - baseline[v.Key])];

    private static double? MedianOrNull(double[] values) => values.Length == 0 ? null : Quantiles.Median(values);
}
