using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Scaling;

/// <summary>What is kept of a cell: its variants' times, launch by launch, and their ratios to each other.</summary>
/// <param name="LogSeconds">[variant][launch], launches by number; NaN where a launch has no accepted sample.</param>
/// <param name="LogRatios">[one][other][launch]: log of the one's time ÷ the other's, paired within blocks; only where one > other.</param>
/// <param name="Flops">[variant]: analytic, of one iteration; NaN where unknown.</param>
internal sealed record ScalingCell(
    CellResult Cell,
    FingerprintId Fingerprint,
    double[][] LogSeconds,
    double[][][] LogRatios,
    double[] Flops
)
{
    /// <exception cref="BadEvidenceException">A sample is of no variant or there twice.</exception>
    public static ScalingCell? Of(CellResult cell, IReadOnlyList<LaunchRecord> launches, AnalysisRule rule)
    {
        var timed = launches
            .Where(l => l.Kind == LaunchKind.Time)
            .OrderBy(l => l.Number)
            .Select(l => rule.Exclusions ? Exclusions.Apply(l) : l)
            .ToArray();
        if (timed.Length == 0)
        {
            return null;
        }

        var variants = cell.Labels.Count;
        // [other][launch]: each variant in turn as what those after it are taken against.
        var summaries = Enumerable
            .Range(0, Math.Max(1, variants - 1))
            .Select(other => Array.ConvertAll(timed, l => LaunchSummary.Of(l, variants, other)))
            .ToArray();
        return new(
            cell,
            timed[0].Fingerprint,
            [.. Enumerable.Range(0, variants).Select(v => Each(summaries[0], s => s.LogSeconds[v]))],
            [
                .. Enumerable
                    .Range(0, variants)
                    .Select(one =>
                        Enumerable
                            .Range(0, one)
                            .Select(other => Each(summaries[other], s => s.LogRatios[one]))
                            .ToArray()
                    ),
            ],
            [.. cell.Labels.Select(label => FlopsOf(timed, label))]
        );
    }

    private static double[] Each(LaunchSummary[] launches, Func<LaunchSummary, double?> of) =>
        Array.ConvertAll(launches, l => of(l) ?? double.NaN);

    private static double FlopsOf(LaunchRecord[] launches, string label) =>
        launches
            .SelectMany(l => l.Variants)
            .FirstOrDefault(f => string.Equals(f.Label, label, StringComparison.Ordinal))
            ?.Flops
        ?? double.NaN;
}
