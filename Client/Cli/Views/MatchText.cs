using System.Globalization;
using Layerbench.Cli.Planning;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Cli.Views;

/// <summary>What was chosen so that variants meet on equal terms, in words.</summary>
internal static class MatchText
{
    /// <summary>A sentence for each variant that is adjusted.</summary>
    public static IEnumerable<string> Lines(SweepSpec spec, IReadOnlyList<MatchSummary> matches)
    {
        if (spec.Match is not { } match)
        {
            yield break;
        }

        foreach (var m in matches)
        {
            yield return Line(MatchSpec.NameOf(match.By), spec.Baseline, m);
        }

        if (match.NeedsPilot)
        {
            yield return "these are of equal FLOPs: `run` times candidates first and chooses by what it measures";
        }
    }

    public static string Line(string by, string baseline, MatchSummary match)
    {
        var (low, high) = (match.Values.Low, match.Values.High);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"matched by {by} to {baseline}: {match.Label} with {match.Axis} {(low == high ? $"{low}" : $"{low} to {high}")}, off by {100 * match.MedianOff:0.##}% in the median and {100 * match.WorstOff:0.##}% at worst"
        );
    }

    /// <summary><c>171 (1.002×)</c>: the value, and the variant's work ÷ the baseline's.</summary>
    public static string Of(Matched? match) =>
        match is null ? ""
        : match.Value is not { } value ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{value} ({match.Ratio:0.000}×)");
}
