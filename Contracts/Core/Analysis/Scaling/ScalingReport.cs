using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Scaling;

/// <summary>How a variant's time grows with an axis: time ~ axis^exponent.</summary>
/// <param name="Setting">Those values that tell this fit from another of the same variant and axis: pass, dtype, threads, texts.</param>
/// <param name="From">The axis' least value.</param>
/// <param name="To">Its greatest.</param>
/// <param name="Lines">Series of points that differ in this axis alone; each has a constant of its own.</param>
/// <param name="Cells">Cells in them.</param>
/// <param name="Exponent">Over all of the range, with its 95% interval over launches (∓∞ below 6 launches).</param>
/// <param name="Analytic">The same fit to the analytic FLOPs of these cells; null where they are not known or 0.</param>
/// <param name="Top">The exponent between the two greatest values of each line: what is constant per call counts least there.</param>
/// <param name="AnalyticTop">The same of the analytic FLOPs.</param>
/// <param name="Misfit">How far the farthest cell lies from the fitted power law, as a share of it.</param>
public sealed record ExponentFit(
    string Axis,
    string Label,
    IReadOnlyList<(string Name, AxisValue Value)> Setting,
    double From,
    double To,
    int Lines,
    int Cells,
    Interval Exponent,
    double? Analytic,
    Interval Top,
    double? AnalyticTop,
    double Misfit
);

/// <summary>Where along an axis one variant becomes faster than another.</summary>
/// <param name="Faster">The label of the one that is faster above <paramref name="At"/>.</param>
/// <param name="Slower">The label of the one that is faster below.</param>
/// <param name="Place">The values of the other axes that vary in the sweep.</param>
/// <param name="Low">The least place that the ratio's intervals allow.</param>
/// <param name="High">The greatest.</param>
public sealed record Crossover(
    string Axis,
    string Faster,
    string Slower,
    IReadOnlyList<(string Name, AxisValue Value)> Place,
    double At,
    double Low,
    double High
);

/// <summary>What a sweep's times say along its axes.</summary>
/// <param name="TooMany">The sweep has more cells than are fitted, and nothing was.</param>
public sealed record ScalingReport(
    IReadOnlyList<ExponentFit> Exponents,
    IReadOnlyList<Crossover> Crossovers,
    bool TooMany = false
)
{
    public bool IsEmpty => Exponents.Count == 0 && Crossovers.Count == 0;
}
