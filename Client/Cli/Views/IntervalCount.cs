using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Views;

/// <summary>
/// Counts where ratios' 95% intervals lie, for each variant and baseline. It describes intervals and no more: a
/// verdict over many cells needs a margin and a correction for their number, and is not made here.
/// </summary>
internal sealed class IntervalCount
{
    private readonly Dictionary<(string Label, string Baseline), Counts> pairs = [];

    public void See(CellResult result, CellEstimate? estimate)
    {
        foreach (var variant in estimate?.Variants ?? [])
        {
            if (variant.Ratio is { } ratio)
            {
                var pair = (variant.Label, result.Baseline);
                pairs[pair] = pairs.GetValueOrDefault(pair).With(ratio);
            }
        }
    }

    /// <summary>A sentence for each pair.</summary>
    public IReadOnlyList<string> Sentences =>
        [.. pairs.Select(p => Sentence($"{p.Key.Label} ÷ {p.Key.Baseline}", p.Value))];

    private static string Sentence(string pair, Counts counts)
    {
        var cells = Units.Count(counts.All, "cell");
        if (counts.Bounded == 0)
        {
            return $"{pair}, {cells}: no interval, so nothing is said of which is faster.";
        }

        List<string> parts = [];
        Add(counts.Below, "95% interval below 1 (faster than the baseline)");
        Add(counts.Above, "95% interval above 1 (slower)");
        Add(counts.Containing, "95% interval containing 1");
        Add(counts.All - counts.Bounded, "no interval");
        return $"{pair}, {cells}: {string.Join(", ", parts)}.";

        void Add(long count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{what} in {Units.Count(count)}");
            }
        }
    }

    private readonly record struct Counts(long All, long Below, long Above, long Containing)
    {
        public long Bounded => Below + Above + Containing;

        public Counts With(Interval ratio) =>
            !Units.IsBounded(ratio) ? this with { All = All + 1 }
            : ratio.High < 1 ? this with { All = All + 1, Below = Below + 1 }
            : ratio.Low > 1 ? this with { All = All + 1, Above = Above + 1 }
            : this with { All = All + 1, Containing = Containing + 1 };
    }
}
