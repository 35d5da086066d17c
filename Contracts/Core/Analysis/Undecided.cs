using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>
/// Which cell a budget's remaining launches go to: how far the nearest end of an interval would have to move for a
/// verdict. It orders cells and ends none; a cell that is decided gets its launches after those that are not.
/// </summary>
public static class Undecided
{
    /// <summary>Of a cell in which every variant is decided, and of one without intervals. Finite, so that it can be sent as JSON.</summary>
    public const double Decided = 1e9;

    /// <summary>The least distance over the cell's undecided variants, on the log scale; <see cref="Decided"/> where there is none.</summary>
    /// <param name="estimate">At a look, so that ratios have intervals.</param>
    public static double Distance(CellEstimate estimate, VerdictRule rule) =>
        estimate
            .Variants.Select(v => v.Ratio)
            .OfType<Interval>()
            .Select(ratio => Distance(ratio, rule))
            .Append(Decided)
            .Min();

    /// <summary>
    /// A ratio within the margin is decided when its interval is, one beyond it when its interval leaves 1 out. Where
    /// neither is so: by how much, on the log scale, the ends that are in the way stand out. The grid's corrected
    /// p-value is left out of it, since it depends on all other cells.
    /// </summary>
    public static double Distance(Interval ratio, VerdictRule rule)
    {
        if (!double.IsFinite(ratio.Value) || !(ratio.Low > 0) || !double.IsFinite(ratio.High))
        {
            return Decided;
        }

        var margin = Math.Log(1 + rule.Margin);
        var (value, low, high) = (Math.Log(ratio.Value), Math.Log(ratio.Low), Math.Log(ratio.High));
        var inTheWay =
            value > margin ? -low
            : value < -margin ? high
            : Math.Max(high - margin, -margin - low);
        return inTheWay <= 0 ? Decided : inTheWay;
    }
}
