using System.Globalization;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>One line of the report.</summary>
/// <param name="Asked">What must be reached; empty for what is only told.</param>
/// <param name="Word">Whether it is, in one of the words of <see cref="Words"/>.</param>
internal readonly record struct Figure(string Name, string Asked, string Value, string Word = "")
{
    public static Figure Told(string name, string value) => new(name, "", value);

    public static string Percent(double share, int digits = 2) =>
        double.IsNaN(share)
            ? "none measured"
            : (100 * share).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                + "%";
}

/// <summary>
/// A figure is <em>proved</em> where its one-sided 95% bound (Clopper and Pearson 1934 for shares) is on the right side
/// too, <em>reached</em> where only the figure itself is, and <em>missed</em> where it is not; a miss whose bound reaches
/// to the right side proves as little as a hit.
/// </summary>
internal static class Words
{
    private const string NotProved = ", not proved (n too small)";
    public const string Proved = "proved";
    public const string Reached = "reached" + NotProved;
    public const string Missed = "MISSED";

    /// <param name="excluded">The other bound is on the wrong side: more of the same would not help.</param>
    public static string Of(bool reached, bool proved, bool excluded) =>
        reached
            ? proved
                ? Proved
                : Reached
            : excluded
                ? Missed
                : Missed + NotProved;

    /// <param name="independent">Cases that the share rests on, where some depend on each other; fewer prove less.</param>
    public static string AtMost(Share share, double most, double independent) =>
        share.Of == 0
            ? ""
            : Of(
                share.Value <= most,
                ClopperPearson.Upper(share.Value * independent, independent) <= most,
                ClopperPearson.Lower(share.Value * independent, independent) > most
            );

    /// <inheritdoc cref="AtMost"/>
    public static string AtLeast(Share share, double least, double independent) =>
        share.Of == 0
            ? ""
            : Of(
                share.Value >= least,
                ClopperPearson.Lower(share.Value * independent, independent) >= least,
                ClopperPearson.Upper(share.Value * independent, independent) < least
            );

    public static string Within(Share share, double least, double most)
    {
        if (share.Of == 0)
        {
            return "";
        }

        var (low, high) = (ClopperPearson.Lower(share.Count, share.Of), ClopperPearson.Upper(share.Count, share.Of));
        return Of(
            share.Value >= least && share.Value <= most,
            low >= least && high <= most,
            low > most || high < least
        );
    }

    /// <summary>A quantile is at most so much where at least that share of the values is (the sign test).</summary>
    public static string QuantileAtMost(IReadOnlyList<double> values, double probability, double most)
    {
        var within = values.Count(v => v <= most);
        return values.Count == 0
            ? ""
            : Of(
                Quantiles.Type7([.. values], probability) <= most,
                ClopperPearson.Lower(within, values.Count) >= probability,
                ClopperPearson.Upper(within, values.Count) < probability
            );
    }
}
