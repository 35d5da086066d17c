using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// What one launch of each cell of a sweep is expected to take, corrected by what finished cells took. Cells of one pass
/// and variant family share a correction, and so a <i>class</i>, by which what was expected before can be made right.
/// </summary>
/// <param name="deviceKind">Whose times are expected: <c>cpu</c>, <c>cuda</c>, <c>simulated</c>. Other kinds teach only themselves.</param>
/// <remarks>One sweep's; not thread-safe.</remarks>
public sealed class LearntCosts(MeasureSpec measure, string deviceKind)
{
    /// <summary>What is expected is made right when a class has moved by more than this; a median moves with every cell.</summary>
    private const double WorthIt = 0.1;

    private readonly CostModel model = new();
    private readonly Dictionary<CostKey, int> classes = [];
    private readonly List<double> factors = [];
    private readonly Dictionary<string, RecentMedian> logPaces = new(StringComparer.Ordinal);

    /// <summary>Expected seconds of one launch of the cell, and its class.</summary>
    public (double Seconds, int Class) Expect(Cell cell, CellCost cost)
    {
        var key = CostKey.Of(deviceKind, cell);
        if (!classes.TryGetValue(key, out var number))
        {
            number = classes.Count;
            classes.Add(key, number);
            factors.Add(model.Correction(key));
        }

        return (CostModel.Prior(key, cost, ShapeOf(cell)) * factors[number], number);
    }

    /// <summary>A launch of the cell took this long on a device of this kind; nothing is learnt of what is no time.</summary>
    public void Learn(string kind, Cell cell, CellCost cost, double seconds)
    {
        if (seconds > 0 && double.IsFinite(seconds))
        {
            LearnPace(kind, seconds / Expect(cell, cost).Seconds);
            model.Learn(CostKey.Of(kind, cell), cost, ShapeOf(cell), seconds);
        }
    }

    /// <summary>
    /// How much longer cells take on devices of this kind than is expected here; 1 for the kind whose times are expected,
    /// and before anything has ended on the other.
    /// </summary>
    public double Pace(string kind) =>
        !string.Equals(kind, deviceKind, StringComparison.Ordinal) && logPaces.TryGetValue(kind, out var pace)
            ? Math.Exp(pace.Median)
            : 1;

    /// <summary>
    /// By class, what to multiply times by that were expected before, where that is worth it; null where it is not.
    /// From then on they are expected so.
    /// </summary>
    public IReadOnlyList<double>? TakeCorrections()
    {
        var ratios = new double[factors.Count];
        foreach (var (key, number) in classes)
        {
            ratios[number] = model.Correction(key) / factors[number];
        }

        if (Array.TrueForAll(ratios, r => Math.Abs(Math.Log(r)) <= WorthIt))
        {
            return null;
        }

        for (var i = 0; i < ratios.Length; i++)
        {
            factors[i] *= ratios[i];
        }

        return ratios;
    }

    private void LearnPace(string kind, double ratio)
    {
        if (string.Equals(kind, deviceKind, StringComparison.Ordinal) || !(ratio > 0) || !double.IsFinite(ratio))
        {
            return;
        }

        if (!logPaces.TryGetValue(kind, out var pace))
        {
            logPaces[kind] = pace = new RecentMedian();
        }

        pace.Add(Math.Log(ratio));
    }

    private LaunchShape ShapeOf(Cell cell) => LaunchShape.Of(measure, cell);
}
