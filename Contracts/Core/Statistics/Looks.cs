namespace Layerbench.Core.Statistics;

/// <summary>
/// When a cell's launches are looked at, and at which level each look's interval is taken, so that the interval a cell
/// ends with covers the truth in at least 95% of cells whatever its noise.
/// </summary>
/// <remarks>
/// A cell stops because its interval is narrow, never because a difference is significant; width and centre of normal
/// data are independent, so looking costs little. It costs something all the same, since a spread that was
/// underestimated by chance stops a cell early (Anscombe 1953; Chow and Robbins 1965, doi:10.1214/aoms/1177700156).
/// With 5% at every look the coverage falls to 92.7% where the launches' spread is 1.6 targets. The levels below were
/// found by simulation (normal and Student's t with 5 degrees of freedom, spread 0.5 to 6 targets, 200,000 cells each):
/// coverage 95.2% to 97.5% everywhere. <c>bench -- validity</c> repeats it on real samples.
/// </remarks>
public static class Looks
{
    /// <summary>Launches after which a cell is looked at.</summary>
    public static IReadOnlyList<int> At { get; } = [6, 12, 24, 48];

    // 6 launches: signed ranks reach no level below 2/64, their least and greatest value as the interval.
    private static readonly double[] Levels = [2.0 / 64, 0.03, 0.035, 0.04];

    /// <summary>The level of the interval after this many launches: that of the look it belongs to.</summary>
    /// <param name="launches">At least 1; before the first look there is no stopping, and its level is used.</param>
    public static double Level(int launches)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(launches);
        for (var i = 0; i < At.Count; i++)
        {
            if (launches <= At[i])
            {
                return Levels[i];
            }
        }

        return Levels[^1];
    }

    /// <summary>The next look after this many launches, at most <paramref name="most"/>; null where there is none.</summary>
    public static int? Next(int launches, int most)
    {
        foreach (var look in At)
        {
            if (look > launches)
            {
                return launches >= most ? null : Math.Min(look, most);
            }
        }

        return launches >= most ? null : most;
    }
}
