namespace Layerbench.Core.Statistics;

/// <summary>
/// Kendall's S of values against their order in time: later-is-greater pairs minus later-is-less pairs. Kendall 1938,
/// doi:10.1093/biomet/30.1-2.81; as a test of trend, Mann 1945, doi:10.2307/1907187.
/// </summary>
public static class KendallS
{
    /// <summary>Of n values, from −n(n−1)/2 (always falling) to n(n−1)/2 (always rising); ties count 0.</summary>
    public static int Of(ReadOnlySpan<double> values)
    {
        var s = 0;
        for (var later = 1; later < values.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                s += Math.Sign(values[later] - values[earlier]);
            }
        }

        return s;
    }
}
