namespace Layerbench.Core.Statistics;

/// <summary>
/// Sample quantiles of type 7, the default of R and NumPy: linear between order statistics, with the least and the
/// greatest value as the 0 and 1 quantiles. Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566.
/// </summary>
public static class Quantiles
{
    /// <param name="values">At least one, none NaN; not changed.</param>
    /// <param name="probability">0 to 1.</param>
    public static double Type7(ReadOnlySpan<double> values, double probability) =>
        Type7Sorted(Sorted(values), probability);

    /// <summary>The 0.5 quantile: the middle value, or the mean of the two middle ones.</summary>
    /// <param name="values">At least one, none NaN; not changed.</param>
    public static double Median(ReadOnlySpan<double> values) => Type7Sorted(Sorted(values), 0.5);

    internal static double MedianSorted(ReadOnlySpan<double> sorted) => Type7Sorted(sorted, 0.5);

    private static double Type7Sorted(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("No values have no quantile; ask only where there is at least one.");
        }

        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is from 0 to 1.");
        }

        var place = (sorted.Length - 1) * probability;
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        var weight = place - below;
        // Not below + weight * (above - below): that gives NaN between infinities and can miss the upper value.
        return weight == 0 ? sorted[below] : (1 - weight) * sorted[below] + weight * sorted[above];
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        foreach (var value in sorted)
        {
            if (double.IsNaN(value))
            {
                throw new ArgumentException("NaN has no place in an order; leave such values out, with a reason.");
            }
        }

        Array.Sort(sorted);
        return sorted;
    }
}
