using System.Globalization;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Quality;

namespace Layerbench.Report.Words;

/// <summary>A sweep's answer in sentences with their numbers: what stands first in a report, as a page and as Markdown.</summary>
public static class AnswerText
{
    /// <summary>Sentences of one kind; what is more is in the figures and the files.</summary>
    public const int MostOfAKind = 6;

    /// <param name="axes">By which groups of trainings are told apart.</param>
    public static IReadOnlyList<string> Sentences(
        IReadOnlyList<VariantTally> tallies,
        AnalysisSummary summary,
        ScalingReport scaling,
        QualityFindings quality,
        IReadOnlyList<string> axes
    )
    {
        List<string> sentences =
        [
            .. tallies.Select(Of),
            .. ReachText.Sentences(summary),
            .. Some(summary.Headlines, h => $"{VerdictText.Headline(h)}.", "headline"),
            .. Some(scaling.Crossovers, c => $"{ScalingText.Line(c)}.", "crossover"),
            .. Some(quality.Groups, g => LearntText.Sentence(g, axes), "group of trainings", "groups of trainings"),
        ];
        return sentences.Count > 0 ? sentences : [Nothing(summary)];
    }

    /// <summary>
    /// <c>ffn.conv1d is faster than ffn.dense in 31 of 98 cells, by up to 1.40×; ffn.dense is faster in 52, by up to
    /// 2.10×; 13 are equivalent; 2 are inconclusive.</c>
    /// </summary>
    public static string Of(VariantTally tally)
    {
        var counts = tally.Counts;
        List<string> parts =
        [
            counts.Faster == 0
                ? $"{tally.Label} is faster than {tally.Baseline} in none of {Units.Count(counts.All, "cell")}"
                : $"{tally.Label} is faster than {tally.Baseline} in {Units.Count(counts.Faster)} of {Units.Count(counts.All, "cell")}, by up to {Times(tally.Greatest)}",
        ];
        if (counts.Slower > 0)
        {
            parts.Add($"{tally.Baseline} is faster in {Units.Count(counts.Slower)}, by up to {Times(tally.Least)}");
        }

        parts.AddRange(Rest(counts));
        return string.Join("; ", parts) + ".";
    }

    /// <summary><c>ffn.dense: B is slower than A in 3 of 6 cells, by up to 1.10×; faster in 1, by up to 1.05×; 2 are equivalent.</c></summary>
    /// <param name="tally">Of the label's time in B ÷ its time in A.</param>
    public static string OfRuns(VariantTally tally)
    {
        var counts = tally.Counts;
        var slower =
            counts.Slower == 0
                ? $"{tally.Label}: B is slower than A in none of {Units.Count(counts.All, "cell")}"
                : $"{tally.Label}: B is slower than A in {Units.Count(counts.Slower)} of {Units.Count(counts.All, "cell")}, by up to {Times(tally.Least)}";
        List<string> parts = [slower];
        if (counts.Faster > 0)
        {
            parts.Add($"faster in {Units.Count(counts.Faster)}, by up to {Times(tally.Greatest)}");
        }

        parts.AddRange(Rest(counts));
        return string.Join("; ", parts) + ".";
    }

    private static IEnumerable<string> Rest(VerdictCounts counts)
    {
        if (counts.Equivalent > 0)
        {
            yield return $"{Units.Count(counts.Equivalent)} {Are(counts.Equivalent)} equivalent";
        }

        if (counts.Inconclusive > 0)
        {
            yield return $"{Units.Count(counts.Inconclusive)} {Are(counts.Inconclusive)} inconclusive";
        }
    }

    private static string Nothing(AnalysisSummary summary) =>
        summary.Cells == 0 ? "Nothing has been measured yet."
        : summary.Measured == 0 ? $"Nothing was measured: none of {Units.Count(summary.Cells, "cell")} has a time."
        : $"{Units.Count(summary.Measured, "cell")} measured; the sweep has one variant, so nothing is compared.";

    private static IEnumerable<string> Some<T>(
        IReadOnlyList<T> all,
        Func<T, string> sentence,
        string noun,
        string? plural = null
    )
    {
        foreach (var one in all.Take(MostOfAKind))
        {
            yield return sentence(one);
        }

        if (all.Count > MostOfAKind)
        {
            var more = all.Count - MostOfAKind;
            yield return $"… and {Units.Count(more, noun, plural ?? $"{noun}s")} more.";
        }
    }

    private static string Are(long count) => count == 1 ? "is" : "are";

    private static string Times(double factor) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{factor.ToString(factor < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)}×"
        );
}
