namespace Layerbench.Core.Statistics;

/// <summary>
/// Adjusted p-values that hold the false discovery rate under any dependence (Benjamini and Yekutieli 2001,
/// doi:10.1214/aos/1013699998): cells of one grid share machine, weights and code, so independence is not assumed.
/// </summary>
public static class FalseDiscovery
{
    /// <returns>In the input's order; NaN where the p-value is NaN (those are no tests and are not counted).</returns>
    public static IReadOnlyList<double> BenjaminiYekutieli(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).ToArray();
        Array.Sort(order, (a, b) => pValues[a] != pValues[b] ? pValues[a].CompareTo(pValues[b]) : a.CompareTo(b));
        var harmonic = 0.0;
        for (var i = order.Length; i >= 1; i--)
        {
            harmonic += 1.0 / i;
        }

        var adjusted = new double[pValues.Count];
        Array.Fill(adjusted, double.NaN);
        var least = 1.0;
        for (var rank = order.Length; rank >= 1; rank--)
        {
            least = Math.Min(least, pValues[order[rank - 1]] * harmonic * order.Length / rank);
            adjusted[order[rank - 1]] = least;
        }

        return adjusted;
    }
}
