using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>What of a sweep no verdict can reach, whatever its samples say.</summary>
/// <param name="Compared">Comparisons of the grid.</param>
/// <param name="Unjudged">Of these, without an interval: a quick look.</param>
/// <param name="UnjudgedControls">Controls without an interval: they are neither missed nor found.</param>
/// <param name="WithinMargin">Controls whose extra work lies within the margin, likewise.</param>
/// <param name="Effect">Their extra work, as a share of the work.</param>
public readonly record struct VerdictReach(
    long Compared,
    long Unjudged,
    long UnjudgedControls,
    long WithinMargin,
    double Effect
)
{
    /// <summary>Nothing of the grid can be judged.</summary>
    public bool IsQuickLook => Compared > 0 && Unjudged == Compared;

    /// <summary>Whether a verdict on the control could have come out either way.</summary>
    public static bool Has(ControlKind control, Evidence evidence, AnalysisRule rule) =>
        Verdicts.CanJudge(evidence) && !IsWithinMargin(control, rule);

    public static bool IsWithinMargin(ControlKind control, AnalysisRule rule) =>
        control == ControlKind.Slower && rule.ControlEffect <= rule.Verdict.Margin;
}
