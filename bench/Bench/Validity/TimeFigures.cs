using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>
/// Launches that the looks take until intervals are within the target, against the one number of launches, the same for
/// every cell, that brings the same share of cells there. Both rules replay the same launches of the deep cells, in
/// random orders.
/// </summary>
internal static class TimeFigures
{
    private const int Orders = 20;
    private const int Resamples = 400;
    private const double Most = 0.3;

    /// <summary>A fixed protocol need not bring more than this share of the cells there.</summary>
    private const double Share95 = 0.95;

    public static IEnumerable<Figure> Of(IReadOnlyList<KnownPair> deep)
    {
        var cells = deep.Where(p => p.LogRatios.Length == Campaign.DeepLaunches).Select(Replay).ToList();
        yield return Figure.Told("pairs of deep cells", $"{cells.Count}");
        if (cells.Count == 0)
        {
            yield return new("launches, as a share of a fixed number", "at most 30%", "none measured");
            yield break;
        }

        var all = Compare(cells);
        yield return Figure.Told(
            $"half-width of {100 * Stopped.Target:0}% after at most 48",
            Figure.Percent(cells.Average(c => c.Done), 1)
        );
        yield return Figure.Told("launches a cell, looks at 6, 12, 24, 48, mean", Number(all.Mean));
        yield return Figure.Told(
            "launches a cell, one number for all, same share narrow",
            $"{(all.Fixed is { } n ? $"{n}" : $"over {Campaign.DeepLaunches}")} (share {Figure.Percent(all.Asked, 1)})"
        );
        var random = new SeededRandom(1);
        double[] ratios =
        [
            .. Enumerable
                .Range(0, Resamples)
                .Select(_ => Compare([.. cells.Select(_ => cells[(int)random.NextInt64(cells.Count)])]).Ratio),
        ];
        var (low, high) = (Quantiles.Type7(ratios, 0.025), Quantiles.Type7(ratios, 0.975));
        yield return new(
            "looks ÷ fixed, [95% bootstrap over pairs]",
            "at most 30%",
            $"{Figure.Percent(all.Ratio, 0)} [{Figure.Percent(low, 0)}, {Figure.Percent(high, 0)}]",
            Words.Of(all.Ratio <= Most, Quantiles.Type7(ratios, 0.95) <= Most, Quantiles.Type7(ratios, 0.05) > Most)
        );
        // Of +3% cells the truth is known as well as the extra work is exact, which is less than these intervals are narrow.
        var same = cells.Where(c => c.IsSame).ToList();
        var at = all.Fixed ?? Campaign.DeepLaunches;
        yield return Figure.Told("A/A intervals that hold the truth: looks", Held(same, c => c.Held));
        yield return Figure.Told(
            "A/A intervals that hold the truth: one number for all",
            Held(same, c => c.FixedHeld[at])
        );
    }

    /// <summary>Averages over the orders of one pair's launches; arrays by number of launches.</summary>
    private sealed record Replayed(
        bool IsSame,
        double Launches,
        double Done,
        double Held,
        double[] Narrow,
        double[] FixedHeld
    );

    private readonly record struct Comparison(double Mean, double Asked, int? Fixed)
    {
        /// <summary>Too kind to the fixed rule where that takes more launches than there are.</summary>
        public double Ratio => Mean / (Fixed ?? Campaign.DeepLaunches);
    }

    private static Comparison Compare(IReadOnlyList<Replayed> cells)
    {
        var asked = Math.Min(Share95, cells.Average(c => c.Done));
        int? launches = null;
        for (var n = Campaign.DeepLaunches; n >= Looks.At[0] && cells.Average(c => c.Narrow[n]) >= asked - 1e-9; n--)
        {
            launches = n;
        }

        return new(cells.Average(c => c.Launches), asked, launches);
    }

    private static Replayed Replay(KnownPair pair)
    {
        var random = SeededRandom.For(1, "orders", pair.Identity, pair.Run);
        var logs = (double[])pair.LogRatios.Clone();
        double launches = 0,
            done = 0,
            held = 0;
        var narrow = new double[logs.Length + 1];
        var fixedHeld = new double[logs.Length + 1];
        for (var order = 0; order < Orders; order++)
        {
            random.Shuffle<double>(logs);
            var stop = Stopped.Of(logs);
            launches += (double)stop.Launches / Orders;
            done += stop.Narrow ? 1.0 / Orders : 0;
            held += stop.Holds(pair.Truth) ? 1.0 / Orders : 0;
            for (var n = Looks.At[0]; n <= logs.Length; n++)
            {
                var ratio = HodgesLehmann.EstimateFromLogs(logs.AsSpan(0, n));
                narrow[n] += Stopped.HalfWidth(ratio) <= Stopped.Target ? 1.0 / Orders : 0;
                var truth = Math.Exp(pair.Truth);
                fixedHeld[n] += ratio.Low <= truth && truth <= ratio.High ? 1.0 / Orders : 0;
            }
        }

        return new(pair.Kind == ControlKind.Same, launches, done, held, narrow, fixedHeld);
    }

    private static string Held(List<Replayed> cells, Func<Replayed, double> share) =>
        cells.Count == 0 ? "none measured" : Figure.Percent(cells.Average(share), 1);

    private static string Number(double value) => value.ToString("N1", CultureInfo.InvariantCulture);
}
