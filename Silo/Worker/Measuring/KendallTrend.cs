namespace Layerbench.Worker.Measuring;

/// <summary>
/// Whether a series of ten still rises or falls: Kendall's S against time (M. G. Kendall, 1938, doi:10.1093/biomet/30.1-2.81;
/// as a trend test, H. B. Mann, 1945, doi:10.2307/1907187).
/// </summary>
internal static class KendallTrend
{
    public const int Length = 10;

    /// <summary>|S| of ten values reaches this in less than 5% of random orders, both sides together.</summary>
    public const int Critical = 23;

    /// <summary>Number of pairs that rise minus number of pairs that fall.</summary>
    public static int S(ReadOnlySpan<long> values)
    {
        var s = 0;
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = i + 1; j < values.Length; j++)
            {
                s += Math.Sign(values[j].CompareTo(values[i]));
            }
        }

        return s;
    }

    /// <summary>True where there are ten values and no trend is left in them.</summary>
    public static bool IsSteady(ReadOnlySpan<long> lastValues) =>
        lastValues.Length == Length && Math.Abs(S(lastValues)) < Critical;
}
