using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Words;

/// <summary>One variant against one baseline, over all cells that have both.</summary>
/// <param name="Greatest">Of the cells where it was judged faster: the greatest baseline ÷ variant; 1 where there is none.</param>
/// <param name="Least">Of the cells where it was judged slower: the greatest variant ÷ baseline; 1 where there is none.</param>
public sealed record VariantTally(
    string Label,
    string Baseline,
    VerdictCounts Counts,
    double Greatest = 1,
    double Least = 1
)
{
    /// <param name="ratio">Variant ÷ baseline.</param>
    public VariantTally With(Verdict verdict, double ratio) =>
        this with
        {
            Counts = Counts.With(verdict),
            Greatest = verdict == Verdict.Faster ? Math.Max(Greatest, 1 / ratio) : Greatest,
            Least = verdict == Verdict.Slower ? Math.Max(Least, ratio) : Least,
        };
}

/// <summary>How a sweep's comparisons came out, counted. It is fed cell by cell, and judged when all were seen.</summary>
public sealed class AnswerTally
{
    // Of a cell no more than its place is kept.
    private readonly List<(long Index, string Label, string Baseline, double Ratio)> compared = [];

    /// <summary>Half widths of the ratios' intervals, as ratios: 0.01 is ±1%.</summary>
    private readonly List<double> widths = [];

    private long unbounded;

    /// <summary>Looks at a cell that is no control; others are none of its business.</summary>
    public void See(CellResult cell, CellFindings findings)
    {
        if (findings.Control != Core.ControlKind.None)
        {
            return;
        }

        foreach (var comparison in findings.Comparisons)
        {
            See(cell.Index, comparison.Label, cell.Baseline, comparison.Evidence.Ratio);
        }
    }

    /// <param name="ratio">Variant ÷ baseline.</param>
    public void See(long index, string label, string baseline, Interval ratio)
    {
        compared.Add((index, label, baseline, ratio.Value));
        if (Units.IsBounded(ratio))
        {
            widths.Add(Math.Sqrt(ratio.High / ratio.Low) - 1);
        }
        else
        {
            unbounded++;
        }
    }

    /// <summary>By label and baseline, in the order in which they were seen.</summary>
    /// <param name="verdict">Of a cell's place in the plan and a label; null where nothing is judged.</param>
    public IReadOnlyList<VariantTally> Judge(Func<long, string, Verdict?> verdict)
    {
        var tallies = new OrderedDictionary<(string, string), VariantTally>();
        foreach (var (index, label, baseline, ratio) in compared)
        {
            if (verdict(index, label) is { } judged)
            {
                var tally = tallies.TryGetValue((label, baseline), out var found)
                    ? found
                    : new VariantTally(label, baseline, default);
                tallies[(label, baseline)] = tally.With(judged, ratio);
            }
        }

        return [.. tallies.Values];
    }

    public Noise Noise =>
        widths.Count == 0
            ? new Noise(0, unbounded, double.NaN, double.NaN)
            : new Noise(widths.Count, unbounded, Quantiles.Median([.. widths]), widths.Max());
}

/// <summary>How wide the intervals of ratios are.</summary>
/// <param name="Bounded">Comparisons with an interval.</param>
/// <param name="Unbounded">Comparisons without: fewer than 6 launches.</param>
/// <param name="Median">Half the width, as a ratio: 0.01 is ±1%.</param>
/// <param name="Greatest">The widest.</param>
public readonly record struct Noise(long Bounded, long Unbounded, double Median, double Greatest);
