namespace Layerbench.Core.Statistics;

/// <summary>Where a log ratio changes its sign along an axis.</summary>
/// <param name="At">On the axis.</param>
/// <param name="Low">The least place that the intervals allow.</param>
/// <param name="High">The greatest.</param>
/// <param name="Falls">True: the ratio is above 1 before and below 1 behind.</param>
public readonly record struct Crossing(double At, double Low, double High, bool Falls);

/// <summary>
/// Crossings of 1 by a ratio that was measured with intervals at several places of an axis. One is claimed only between
/// two places whose intervals exclude 1 on different sides; what lies between them is undecided.
/// </summary>
/// <remarks>
/// The log ratio and both ends of its interval are taken as straight between neighbouring places of the log axis. The
/// crossing's interval is every place at which that band holds 0: a confidence band turned around, as Fieller 1954
/// (Journal of the Royal Statistical Society B 16) did for a ratio. Between places the band is wider than independent errors would make it; that the
/// truth may bend between them is not in it.
/// </remarks>
public static class CrossingPoint
{
    /// <param name="places">The axis' value, above 0, and the log ratio with its ends (∓∞ where it has none), by rising value.</param>
    public static IReadOnlyList<Crossing> Find(IReadOnlyList<(double X, Interval LogRatio)> places)
    {
        List<Crossing> found = [];
        var last = -1;
        for (var i = 0; i < places.Count; i++)
        {
            if (Side(places[i].LogRatio) is not (var side and not 0))
            {
                continue;
            }

            if (last >= 0 && Side(places[last].LogRatio) == -side)
            {
                found.Add(Between([.. places.Skip(last).Take(i - last + 1)], falls: side < 0));
            }

            last = i;
        }

        return found;
    }

    /// <summary>1 above, −1 below, 0 undecided.</summary>
    private static int Side(Interval logRatio) =>
        logRatio.Low > 0 ? 1
        : logRatio.High < 0 ? -1
        : 0;

    private static Crossing Between((double X, Interval LogRatio)[] places, bool falls)
    {
        // Where the ratio falls, its lower end is the first to reach 0 and its upper end the last.
        var first = Zeros(places, falls ? r => r.Low : r => r.High);
        var last = Zeros(places, falls ? r => r.High : r => r.Low);
        var middle = Zeros(places, r => r.Value);
        // Undecided places may go to and fro: the number of changes is odd, and the one in the middle stands for them.
        return new(middle[middle.Count / 2], first[0], last[^1], falls);
    }

    private static List<double> Zeros((double X, Interval LogRatio)[] places, Func<Interval, double> of)
    {
        List<double> zeros = [];
        for (var i = 1; i < places.Length; i++)
        {
            var (before, after) = (of(places[i - 1].LogRatio), of(places[i].LogRatio));
            if (before > 0 == after > 0)
            {
                continue;
            }

            var (from, to) = (Math.Log(places[i - 1].X), Math.Log(places[i].X));
            // An end without bound is as far as it can be: all that is known is that the crossing lies between the places.
            var share =
                double.IsInfinity(before) ? 1
                : double.IsInfinity(after) ? 0
                : before / (before - after);
            zeros.Add(Math.Exp(from + (share * (to - from))));
        }

        return zeros;
    }
}
