using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>
/// What a cell's launches say: the one pure function from samples to estimates. Within a launch, medians over blocks
/// (of log ratios paired within a block, so that drift cancels); over launches, Hodges–Lehmann on the log scale.
/// </summary>
public static class CellEstimator
{
    /// <param name="labels">The cell's variants, in its order.</param>
    /// <param name="baseline">The label that ratios are taken against.</param>
    /// <param name="launches">The cell's launches that are not superseded, of both kinds, in any order.</param>
    /// <returns>
    /// One estimate per label. Where no launch has an accepted sample of a variant its <see cref="Interval.Value"/> is NaN,
    /// unbounded, on 0 launches. A launch without a variant counts for the others.
    /// </returns>
    /// <exception cref="BadEvidenceException">
    /// The baseline is no label; launches are of several cells or, within a kind, of several fingerprints; a launch is there
    /// twice; a sample is of no variant or there twice.
    /// </exception>
    public static CellEstimate Estimate(
        IReadOnlyList<string> labels,
        string baseline,
        IReadOnlyList<LaunchRecord> launches
    ) => Estimate(labels, baseline, launches, level: 0.05);

    /// <param name="level">The chance that an interval misses: 5%, or that of the look (<see cref="Looks.Level"/>).</param>
    /// <inheritdoc cref="Estimate(IReadOnlyList{string}, string, IReadOnlyList{LaunchRecord})"/>
    public static CellEstimate Estimate(
        IReadOnlyList<string> labels,
        string baseline,
        IReadOnlyList<LaunchRecord> launches,
        double level
    ) => WithLaunches(labels, baseline, launches, level).Estimate;

    /// <returns>The estimate, and what it rests on: the time launches, by number.</returns>
    /// <inheritdoc cref="Estimate(IReadOnlyList{string}, string, IReadOnlyList{LaunchRecord}, double)"/>
    internal static (CellEstimate Estimate, IReadOnlyList<LaunchSummary> Timed) WithLaunches(
        IReadOnlyList<string> labels,
        string baseline,
        IReadOnlyList<LaunchRecord> launches,
        double level
    )
    {
        var baselineAt = labels.ToList().IndexOf(baseline);
        if (baselineAt < 0)
        {
            throw new BadEvidenceException(
                $"The baseline '{baseline}' is none of the labels {string.Join(", ", labels)}."
            );
        }

        var time = OfKind(launches, LaunchKind.Time);
        var memory = OfKind(launches, LaunchKind.Memory);
        var summaries = time.ConvertAll(l => LaunchSummary.Of(l, labels.Count, baselineAt));
        var estimate = new CellEstimate(
            [.. labels.Select((label, variant) => Of(label, variant, variant == baselineAt, summaries, memory, level))],
            time.Count,
            memory.Count,
            time.TrueForAll(l => l.Steady)
        );
        return (estimate, summaries);
    }

    private static VariantEstimate Of(
        string label,
        int variant,
        bool isBaseline,
        List<LaunchSummary> summaries,
        List<LaunchRecord> memory,
        double level
    )
    {
        var samples = summaries.Sum(s => s.Samples[variant]);
        return new VariantEstimate(
            label,
            OverLaunches(summaries.Select(s => s.LogSeconds[variant]), level),
            isBaseline ? null : OverLaunches(summaries.Select(s => s.LogRatios[variant]), level),
            Peak(variant, memory),
            samples == 0 ? 0 : (double)summaries.Sum(s => s.Accepted[variant]) / samples
        );
    }

    private static Interval OverLaunches(IEnumerable<double?> logs, double level)
    {
        double[] values = [.. logs.OfType<double>()];
        return values.Length == 0
            ? new Interval(double.NaN, 0, double.PositiveInfinity, 0)
            : HodgesLehmann.EstimateFromLogs(values, level);
    }

    /// <summary>Three launches carry no interval, so the range is what they show: the least and the greatest.</summary>
    private static Interval? Peak(int variant, List<LaunchRecord> memory)
    {
        double[] peaks =
        [
            .. memory.SelectMany(l => l.Memory).Where(m => m.Variant == variant).Select(m => (double)m.PeakBytes),
        ];
        return peaks.Length == 0 ? null : new Interval(Quantiles.Median(peaks), peaks.Min(), peaks.Max(), peaks.Length);
    }

    private static List<LaunchRecord> OfKind(IReadOnlyList<LaunchRecord> launches, LaunchKind kind)
    {
        var chosen = launches.Where(l => l.Kind == kind).OrderBy(l => l.Number).ToList();
        for (var i = 1; i < chosen.Count; i++)
        {
            var (one, other) = (chosen[i - 1], chosen[i]);
            if (one.Number == other.Number)
            {
                throw new BadEvidenceException($"{kind} launch {one.Number} of cell {one.Cell} is there twice.");
            }

            if (one.Cell != other.Cell)
            {
                throw new BadEvidenceException($"Launches of cells {one.Cell} and {other.Cell} are no one cell's.");
            }

            if (one.Fingerprint != other.Fingerprint)
            {
                throw new BadEvidenceException(
                    $"{kind} launches of cell {one.Cell} ran under fingerprints {one.Fingerprint} and "
                        + $"{other.Fingerprint}, which are never mixed; supersede one of them first."
                );
            }
        }

        return chosen;
    }
}
