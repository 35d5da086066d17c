namespace Layerbench.Core.Statistics;

/// <summary>Upper quantiles of the standard normal distribution.</summary>
public static class NormalQuantile
{
    private const double Upper025 = 1.959963984540054;

    /// <summary>
    /// The value above which lies <paramref name="tail"/>. Abramowitz and Stegun 1964, 26.2.23: absolute error below
    /// 4.5e-4, which moves a place among ranks by less than one; 0.025 is exact.
    /// </summary>
    /// <param name="tail">Above 0, at most 0.5.</param>
    public static double Upper(double tail)
    {
        if (!(tail is > 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(tail), tail, "An upper tail lies between 0 and one half.");
        }

        if (tail == 0.025)
        {
            return Upper025;
        }

        var t = Math.Sqrt(-2 * Math.Log(tail));
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }
}
