namespace Layerbench.Core.Sweeps.Matching;

/// <summary>Finds the integer at which a growing expression comes nearest a target.</summary>
internal static class MatchSearch
{
    /// <summary>Widths beyond this are not tried.</summary>
    public const long Most = 1L << 24;

    /// <summary>Integers looked at on each side of the target for one that the variant's constraints allow.</summary>
    public const int MostSteps = 1024;

    /// <param name="work">Grows with its argument, or stays as it is.</param>
    /// <param name="allowed">Whether the variant can run so.</param>
    /// <param name="target">Above 0.</param>
    /// <returns>
    /// The allowed integer whose work is nearest by ratio, the smaller of two that are as near; null where the work does
    /// not depend on the argument, or no integer near the target is allowed.
    /// </returns>
    /// <exception cref="ExpressionException">The work cannot be computed, or falls.</exception>
    public static long? Nearest(Func<long, double> work, Func<long, bool> allowed, double target, long least, long most)
    {
        most = Math.Min(most, Most);
        if (least > most || work(least) == work(most))
        {
            return null;
        }

        // The least integer whose work reaches the target, if any does.
        var (low, high) = (least, least);
        var before = work(low);
        while (before < target && high < most)
        {
            low = high;
            high = Math.Min(high > most / 2 ? most : Math.Max(high * 2, high + 1), most);
            var now = work(high);
            if (now < before)
            {
                throw new ExpressionException($"the work falls from {low} to {high}, so that it cannot be searched");
            }

            before = now;
        }

        while (low + 1 < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = work(middle) < target ? (middle, high) : (low, middle);
        }

        var above = First(allowed, work(low) >= target ? low : high, 1, least, most);
        var below = First(allowed, work(low) >= target ? low - 1 : high - 1, -1, least, most);
        // Nothing reaches the target: the greatest is then the nearest.
        return above is null ? below
            : below is null ? above
            : Off(work(below.Value), target) <= Off(work(above.Value), target) ? below
            : above;
    }

    /// <summary>How far two amounts of work are apart, the same whichever is the larger.</summary>
    public static double Off(double work, double target) =>
        work > 0 && target > 0 ? Math.Abs(Math.Log(work / target)) : double.PositiveInfinity;

    private static long? First(Func<long, bool> allowed, long from, int step, long least, long most)
    {
        for (var (n, i) = (from, 0); i < MostSteps && n >= least && n <= most; n += step, i++)
        {
            if (allowed(n))
            {
                return n;
            }
        }

        return null;
    }
}
