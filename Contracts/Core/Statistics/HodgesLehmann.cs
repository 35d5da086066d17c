namespace Layerbench.Core.Statistics;

/// <summary>
/// The one-sample Hodges–Lehmann location: the median of all Walsh averages (x_i + x_j)/2, i ≤ j. Hodges and Lehmann
/// 1963, doi:10.1214/aoms/1177704172. Its distribution-free 95% interval runs between two of those averages, chosen by
/// the signed-rank distribution (Tukey 1949; Hollander, Wolfe, Chicken 2014, 3.3, doi:10.1002/9781119196037).
/// </summary>
/// <remarks>For values that are independent and symmetric about their location, such as logs of launch ratios.</remarks>
public static class HodgesLehmann
{
    /// <param name="values">At least one, finite. Walsh averages are listed, so at most 4,096.</param>
    /// <param name="level">The chance that the interval misses.</param>
    /// <returns>On the values' own scale; the bounds are ∓∞ for fewer than 6 values, where no 95% interval exists.</returns>
    public static Interval Estimate(ReadOnlySpan<double> values, double level = 0.05)
    {
        if (values.IsEmpty || values.Length > 4096)
        {
            throw new ArgumentException($"{values.Length} values were given; a location takes 1 to 4096.");
        }

        var averages = WalshAverages(values);
        var place = SignedRank.IntervalPlace(values.Length, level);
        return new Interval(
            Quantiles.MedianSorted(averages),
            place == 0 ? double.NegativeInfinity : averages[place - 1],
            place == 0 ? double.PositiveInfinity : averages[^place],
            values.Length
        );
    }

    /// <summary>The same on a ratio scale: of the logs, brought back, so that swapping both sides inverts the result.</summary>
    /// <param name="logs">Logs of ratios or of times.</param>
    /// <returns>The bounds are 0 and ∞ for fewer than 6 values.</returns>
    public static Interval EstimateFromLogs(ReadOnlySpan<double> logs, double level = 0.05)
    {
        var (value, low, high, launches) = Estimate(logs, level);
        return new Interval(Math.Exp(value), Math.Exp(low), Math.Exp(high), launches);
    }

    private static double[] WalshAverages(ReadOnlySpan<double> values)
    {
        var averages = new double[values.Length * (values.Length + 1) / 2];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"{values[i]} is not finite; leave such values out, with a reason.");
            }

            for (var j = i; j < values.Length; j++)
            {
                // A sum of halves cannot overflow, and halving is exact for all but subnormal values.
                averages[next++] = values[i] / 2 + values[j] / 2;
            }
        }

        Array.Sort(averages);
        return averages;
    }
}
