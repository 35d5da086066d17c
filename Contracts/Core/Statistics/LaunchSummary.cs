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
    /// <exception cref="BadEvidenceException">
    /// The baseline or a sample is of a variant that the cell does not have, or a block has two of one variant.
    /// </exception>
    public static LaunchSummary Of(LaunchRecord launch, int variants, int baseline)
    {
        if (baseline < 0 || baseline >= variants)
        {
            throw new BadEvidenceException(
                $"Cell {launch.Cell} has a baseline that is none of its {variants} variants."
            );
        }

        var blocks = Blocks(launch.Samples);
        // [variant, block]; NaN where nothing was accepted, which no log of a time is.
        var logs = new double[variants * blocks.Length];
        Array.Fill(logs, double.NaN);
        var seen = new bool[logs.Length];
        var samples = new int[variants];
        foreach (var taken in launch.Samples)
        {
            var sample = SampleScreen.Screen(taken);
            var place = (sample.Variant * blocks.Length) + Array.BinarySearch(blocks, sample.Block);
            if (sample.Variant < 0 || sample.Variant >= variants || seen[place])
            {
                throw new BadEvidenceException(
                    $"Launch {launch.Number} of cell {launch.Cell} has a sample of variant {sample.Variant} in block "
                        + $"{sample.Block} that is the second there or of none of the {variants} variants."
                );
            }

            seen[place] = true;
            samples[sample.Variant]++;
            if (sample.Accepted)
            {
                logs[place] = Math.Log(sample.Seconds);
            }
        }

        var reference = Row(logs, baseline, blocks.Length);
        var (seconds, ratios, accepted) = (new double?[variants], new double?[variants], new int[variants]);
        var known = new double[blocks.Length];
        for (var variant = 0; variant < variants; variant++)
        {
            var own = Row(logs, variant, blocks.Length);
            accepted[variant] = Known(own, known);
            seconds[variant] = MedianOrNull(known.AsSpan(0, accepted[variant]));
            if (variant != baseline)
            {
                for (var block = 0; block < own.Length; block++)
                {
                    own[block] -= reference[block];
                }

                ratios[variant] = MedianOrNull(known.AsSpan(0, Known(own, known)));
            }
        }

        return new LaunchSummary(seconds, ratios, accepted, samples);
    }

    /// <summary>Those that were timed, ascending.</summary>
    private static int[] Blocks(IReadOnlyList<Sample> samples)
    {
        var blocks = new int[samples.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = samples[i].Block;
        }

        Array.Sort(blocks);
        var count = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (count == 0 || blocks[i] != blocks[count - 1])
            {
                blocks[count++] = blocks[i];
            }
        }

        return blocks[..count];
    }

    private static Span<double> Row(double[] logs, int variant, int blocks) => logs.AsSpan(variant * blocks, blocks);

    /// <summary>Puts what is not NaN together, and says how many that is.</summary>
    private static int Known(ReadOnlySpan<double> values, double[] known)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                known[count++] = value;
            }
        }

        return count;
    }

    private static double? MedianOrNull(ReadOnlySpan<double> values) =>
        values.IsEmpty ? null : Quantiles.Median(values);
}
