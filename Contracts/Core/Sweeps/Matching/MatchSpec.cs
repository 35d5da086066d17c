namespace Layerbench.Core.Sweeps.Matching;

/// <summary>In what variants are to be equal.</summary>
public enum MatchBy
{
    /// <summary>Analytic FLOPs of one iteration.</summary>
    Flops,

    /// <summary>Trainable parameters.</summary>
    Parameters,

    /// <summary>Measured time of one iteration, by a pilot.</summary>
    Time,
}

/// <summary>
/// Variants meet the baseline on equal terms: at each point an integer axis of each, a width or a depth, is chosen so
/// that its work comes nearest the baseline's.
/// </summary>
/// <param name="Adjust">The axis that is chosen, by the variant's label; variants that are not in it stay as they are.</param>
/// <param name="Within">How far off the baseline's the work may be, as a share; a cell that is farther off is skipped.</param>
/// <param name="Chosen">By time alone: what the pilot chose; empty before it has run.</param>
public sealed record MatchSpec(
    MatchBy By,
    IReadOnlyDictionary<string, string> Adjust,
    double Within,
    IReadOnlyList<MatchChoice> Chosen
)
{
    public const double DefaultWithin = 0.05;

    /// <summary>Whether values have to be found by timing first; until then those of equal FLOPs stand in for them.</summary>
    public bool NeedsPilot => By == MatchBy.Time && Chosen.Count == 0;

    /// <summary>As the file has it: <c>flops</c>, <c>parameters</c>, <c>time</c>.</summary>
    public static string NameOf(MatchBy by) => by.ToString().ToLowerInvariant();
}

/// <summary>What a pilot chose for one variant at one point.</summary>
/// <param name="At">Values of the axes that tell the points of the sweep apart.</param>
/// <param name="Value">Of the axis that is adjusted.</param>
/// <param name="Ratio">The variant's expected time ÷ the baseline's there.</param>
public sealed record MatchChoice(string Label, IReadOnlyDictionary<string, AxisValue> At, long Value, double Ratio);

/// <summary>The value that was chosen for a variant at a point.</summary>
/// <param name="Value">Null where none could be.</param>
/// <param name="Ratio">The variant's work ÷ the baseline's with it; NaN where there is no value.</param>
/// <param name="Failure">Why the cell cannot be run so, or null.</param>
public sealed record Matched(string Label, string Axis, long? Value, double Ratio, string? Failure);
