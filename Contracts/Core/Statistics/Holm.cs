namespace Layerbench.Core.Statistics;

/// <summary>Adjusted p-values for a few named comparisons, holding the chance of any false one (Holm 1979, jstor:4615733).</summary>
public static class Holm
{
    /// <returns>In the input's order; NaN where the p-value is NaN.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).ToArray();
        Array.Sort(order, (a, b) => pValues[a] != pValues[b] ? pValues[a].CompareTo(pValues[b]) : a.CompareTo(b));
        var adjusted = new double[pValues.Count];
        Array.Fill(adjusted, double.NaN);
        var greatest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            greatest = Math.Max(greatest, Math.Min(1, pValues[order[rank]] * (order.Length - rank)));
            adjusted[order[rank]] = greatest;
        }

        return adjusted;
    }
}
