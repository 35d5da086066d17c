using System.Globalization;
using Layerbench.Core.Analysis;

namespace Layerbench.Report.Words;

/// <summary>What a run cannot say, however its numbers came out.</summary>
public static class ReachText
{
    /// <summary>Empty where the run reaches as far as its controls ask.</summary>
    public static IEnumerable<string> Sentences(AnalysisSummary summary)
    {
        var reach = summary.Reach;
        if (reach.IsQuickLook)
        {
            yield return "A quick look: fewer than 6 launches a cell give no interval, so no difference is judged, and one of a few percent would not be found.";
        }

        var power = summary.Power;
        if (power.Total > 0 && 2 * power.Count < power.Total)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"This run misses differences of {Percent(reach.Effect)}: of {Units.Count(power.Total, "control")} with that much extra work it found {(power.Count == 0 ? "none" : $"only {power.Count}")}; more launches or a quieter machine find them."
            );
        }
    }

    /// <summary>What of the controls is in neither share: <c>2 with 3% of extra work, within the margin of ±5%: not to be found</c>.</summary>
    public static IEnumerable<string> Controls(VerdictReach reach, double margin)
    {
        if (reach.WithinMargin > 0)
        {
            yield return $"{Units.Count(reach.WithinMargin)} with {Percent(reach.Effect)} of extra work, within the margin of ±{Percent(margin)}: not to be found";
        }

        if (reach.UnjudgedControls > 0)
        {
            yield return $"{Units.Count(reach.UnjudgedControls)} not judged, without an interval (6 launches give one)";
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.###}%");
}
