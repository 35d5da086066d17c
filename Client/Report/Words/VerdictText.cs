using System.Globalization;
using Layerbench.Core.Analysis;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Words;

/// <summary>Verdicts in words.</summary>
public static class VerdictText
{
    /// <summary><c>faster (p 0.0012)</c>, the value corrected over the grid; <c>inconclusive</c> where there is none; empty of the baseline.</summary>
    public static string Of(Judgement? judgement) =>
        judgement is not { } j ? ""
        : double.IsNaN(j.Adjusted) ? Name(j.Verdict)
        : $"{Name(j.Verdict)} (p {Value(j.Adjusted)})";

    /// <summary>A sentence for each variant, then what the controls say, and what was left out.</summary>
    public static IEnumerable<string> Lines(AnalysisSummary summary, AnalysisRule rule)
    {
        foreach (var (label, counts) in summary.Variants)
        {
            yield return $"{label}, {Units.Count(counts.All, "cell")}: {Counts(counts)}.";
        }

        foreach (var limit in ReachText.Sentences(summary))
        {
            yield return limit;
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"verdicts: margin ±{100 * rule.Verdict.Margin:0.###}%, false discovery rate {100 * rule.Verdict.FalseDiscoveryRate:0.###}% over the grid (Benjamini–Yekutieli); p is the corrected value"
        );
        yield return Controls(summary, rule.Verdict);
        foreach (var headline in summary.Headlines)
        {
            yield return Headline(headline);
        }

        if (summary.Excluded.Count > 0)
        {
            yield return $"set aside on outside evidence: {Share(summary.Excluded)} of blocks";
        }

        if (summary.Memory.Cells > 0)
        {
            yield return MemoryLine(summary.Memory);
        }

        if (summary.Problems > 0)
        {
            yield return $"{Units.Count(summary.Problems, "cell")} with launches that say nothing; the notes say why";
        }
    }

    /// <summary><c>headline 'large': ffn.conv1d at batch=8: 0.87× [0.85, 0.89], faster (Holm p 0.0012)</c>.</summary>
    public static string Headline(HeadlineFinding headline) =>
        headline is { Cell: { } cell, Ratio: { } ratio, Judgement: { } judgement }
            ? $"headline '{headline.Name}': {headline.Label} at {PointText.Of(cell.Point.Keys, cell.Point)}: "
                + $"{Units.Ratio(ratio)}, {Name(judgement.Verdict)}"
                + (double.IsNaN(judgement.Adjusted) ? "" : $" (Holm p {Value(judgement.Adjusted)})")
            : $"headline '{headline.Name}': nothing was measured of it";

    /// <summary><c>controls: 0 of 2 same judged different; 2 of 2 with extra work found</c>, each with its 95% interval.</summary>
    public static string Controls(AnalysisSummary summary, VerdictRule rule)
    {
        var (same, slower) = (summary.FalsePositives, summary.Power);
        List<string> parts = [];
        if (same.Total > 0)
        {
            parts.Add($"{Of(same)} same judged different");
        }

        if (slower.Total > 0)
        {
            parts.Add($"{Of(slower)} with extra work found");
        }

        parts.AddRange(ReachText.Controls(summary.Reach, rule.Margin));
        var unknown = same.Total + slower.Total == 0 ? ", so nothing is known of how often this run errs" : "";
        return $"controls: {(parts.Count == 0 ? "none" : string.Join("; ", parts))}{unknown}";
    }

    /// <summary>Whether peak memory is deterministic here.</summary>
    private static string MemoryLine(MemorySpread memory) =>
        memory.Same == memory.Cells
            ? $"peak memory: the same in all memory launches, to the byte, in every cell ({Units.Count(memory.Cells)})"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"peak memory: the same in all memory launches, to the byte, in {memory.Same} of {Units.Count(memory.Cells, "cell")}; greatest spread {100 * memory.Greatest:0.##}%"
            );

    /// <summary><c>canaries, each ÷ the one before it, 12 pairs: product of matrices 0.998 (worst 0.91), triad 1.001 (worst 1.02): the device drifted …</c>.</summary>
    public static string Drift(DriftSummary drift) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"canaries, each ÷ the one before it, {Units.Count(drift.Pairs, "pair")}: product of matrices {drift.GemmMedian:0.###} (worst {drift.GemmWorst:0.###})"
        )
        + (
            drift is { TriadMedian: { } median, TriadWorst: { } worst }
                ? string.Create(CultureInfo.InvariantCulture, $", triad {median:0.###} (worst {worst:0.###})")
                : ""
        )
        + (
            drift.IsMuch
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $": the device drifted by more than {100 * DriftSummary.Much:0}% between two of them"
                )
                : ": steady"
        );

    public static string Name(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary><c>0.0012</c>, <c>&lt;0.0001</c>.</summary>
    public static string Value(double adjusted) =>
        adjusted < 0.0001 ? "<0.0001" : adjusted.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Counts(VerdictCounts counts)
    {
        List<string> parts = [];
        Add(counts.Faster, "faster");
        Add(counts.Slower, "slower");
        Add(counts.Equivalent, "equivalent");
        Add(counts.Inconclusive, "inconclusive");
        return string.Join(", ", parts);

        void Add(long count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{Units.Count(count)} {what}");
            }
        }
    }

    private static string Of(Proportion share) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{share.Count} of {share.Total} [{100 * share.Low:0.#}%, {100 * share.High:0.#}%]"
        );

    private static string Share(Proportion share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share.Value:0.##}% ({share.Count} of {share.Total})");
}
