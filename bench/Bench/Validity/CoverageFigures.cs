using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>How often intervals hold the ratio that the extra work makes true.</summary>
internal static class CoverageFigures
{
    private const double Least = 0.93;
    private const double Most = 0.97;

    public static IEnumerable<Figure> Of(IReadOnlyList<KnownPair> pairs)
    {
        foreach (var (kind, name) in new[] { (ControlKind.Same, "A/A"), (ControlKind.Slower, "+3%") })
        {
            var mine = pairs.Where(p => p.Kind == kind).ToList();
            var stopped = Share.Where(mine, p => p.Stop.Holds(p.Truth));
            var all = Share.Where(mine, p => Holds(p, p.Truth));
            yield return new(
                $"{name}: as the cell stopped",
                "93 to 97%",
                $"{stopped}",
                Words.Within(stopped, Least, Most)
            );
            yield return new(
                $"{name}: all {Campaign.GridLaunches} launches at 5%",
                "93 to 97%",
                $"{all}",
                Words.Within(all, Least, Most)
            );
            var centre = mine.Count == 0 ? double.NaN : Quantiles.Median([.. mine.SelectMany(p => p.LogRatios)]);
            yield return Figure.Told(
                $"{name}: ratio over all launches, median",
                Math.Exp(centre).ToString("F4", CultureInfo.InvariantCulture)
            );
            yield return Figure.Told(
                $"{name}: all {Campaign.GridLaunches} launches, that median taken for the truth",
                $"{Share.Where(mine, p => Holds(p, centre))}"
            );
            var single = mine.SelectMany(p => p.Launches.Select(l => SimpleRules.Holds(l, p.Truth)));
            yield return Figure.Told(
                $"{name}: one launch, t over its blocks",
                $"{Share.Where(single, holds => holds)}"
            );
        }
    }

    private static bool Holds(KnownPair pair, double truth)
    {
        var (_, low, high, _) = HodgesLehmann.Estimate(pair.LogRatios);
        return low <= truth && truth <= high;
    }
}
