using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>False positives and power: each run judged by the product's rule as one sweep, half of it A/A, half +3%.</summary>
internal static class ControlFigures
{
    public const double MostFalse = 0.01;
    public const double LeastPower = 0.95;

    public static IEnumerable<Figure> Of(IReadOnlyList<KnownPair> pairs)
    {
        var stopped = Judged(pairs);
        var designs = (
            Same: DesignEffect([.. pairs.Where(p => p.Kind == ControlKind.Same)]),
            Slower: DesignEffect([.. pairs.Where(p => p.Kind == ControlKind.Slower)])
        );
        var whole = Judged(pairs, p => p.LogRatios.Length > 0 ? Stopped.AtEnd(p.LogRatios) : p.Stop);
        foreach (
            var (judged, how) in new[]
            {
                (stopped, "stopped at 6 or 12"),
                (whole, $"all {Campaign.GridLaunches} launches"),
            }
        )
        {
            foreach (var figure in Both(judged, how, designs.Same, designs.Slower))
            {
                yield return figure;
            }
        }

        yield return Figure.Told("launches a verdict, stopped, on average", Mean(pairs.Select(p => p.Stop.Launches)));
        yield return Figure.Told(
            $"half-width within {100 * Stopped.Target:0}%",
            $"{Share.Where(pairs, p => p.Stop.Narrow)}"
        );
        yield return Figure.Told(
            "design effect of two pairs in one cell, A/A and +3%",
            string.Create(CultureInfo.InvariantCulture, $"{designs.Same:N2}, {designs.Slower:N2}")
        );
    }

    private static IEnumerable<Figure> Both(
        IReadOnlyList<(KnownPair Pair, Verdict Verdict)> judged,
        string how,
        double sameDesign,
        double slowerDesign
    )
    {
        var same = judged.Where(j => j.Pair.Kind == ControlKind.Same).Select(j => j.Verdict).ToList();
        var slower = judged.Where(j => j.Pair.Kind == ControlKind.Slower).Select(j => j.Verdict).ToList();
        var wrong = Share.Where(same, v => v is Verdict.Faster or Verdict.Slower);
        var found = Share.Where(slower, v => v == Verdict.Slower);
        yield return new(
            $"{how}: A/A called faster or slower",
            "at most 1%",
            $"{wrong}",
            Words.AtMost(wrong, MostFalse, wrong.Of / sameDesign)
        );
        yield return Figure.Told(
            "  one-sided 95% upper end of that",
            wrong.Of == 0
                ? "none measured"
                : Figure.Percent(ClopperPearson.Upper(wrong.Count / sameDesign, wrong.Of / sameDesign))
        );
        yield return new(
            $"{how}: +3% called slower",
            "at least 95%",
            $"{found}",
            Words.AtLeast(found, LeastPower, found.Of / slowerDesign)
        );
        yield return Figure.Told(
            "  A/A equivalent; +3% equivalent, faster (both wrong)",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{same.Count(v => v == Verdict.Equivalent)}; {slower.Count(v => v == Verdict.Equivalent)}, {slower.Count(v => v == Verdict.Faster)}"
            )
        );
    }

    public static IReadOnlyList<(KnownPair Pair, Verdict Verdict)> Judged(IReadOnlyList<KnownPair> pairs) =>
        Judged(pairs, p => p.Stop);

    private static IReadOnlyList<(KnownPair Pair, Verdict Verdict)> Judged(
        IReadOnlyList<KnownPair> pairs,
        Func<KnownPair, Stopped> rule
    ) => [.. pairs.GroupBy(p => p.Run).SelectMany(run => run.Zip(Stopped.Judge(run.Select(rule)), (p, v) => (p, v)))];

    private static string Mean(IEnumerable<int> launches)
    {
        var all = launches.ToList();
        return all.Count == 0 ? "none measured" : all.Average().ToString("N1", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// By how much pairs of one cell say less than as many cells would: 1 + r for two (Kish 1965), r being the greater of
    /// the correlations, between the two pairs of a cell, of the error in its deviations and of that error's size; at
    /// least 1.
    /// </summary>
    private static double DesignEffect(IReadOnlyList<KnownPair> pairs)
    {
        var twins = pairs
            .GroupBy(p => (p.Run, p.Cell))
            .Select(cell => cell.Select(Error).ToList())
            .Where(errors => errors.Count == CellKinds.GridPairs && errors.TrueForAll(double.IsFinite))
            .ToList();
        return twins.Count < 3
            ? 1
            : 1
                + Math.Max(
                    0,
                    Math.Max(
                        Correlation([.. twins.Select(t => (t[0], t[1]))]),
                        Correlation([.. twins.Select(t => (Math.Abs(t[0]), Math.Abs(t[1])))])
                    )
                );
    }

    /// <summary>t of the pair's mean against its truth.</summary>
    private static double Error(KnownPair pair)
    {
        var mean = pair.LogRatios.Average();
        var variance = pair.LogRatios.Sum(x => (x - mean) * (x - mean)) / (pair.LogRatios.Length - 1);
        return (mean - pair.Truth) / Math.Sqrt(variance / pair.LogRatios.Length);
    }

    /// <summary>Between exchangeable twins: about the mean of both (Fisher's intraclass correlation).</summary>
    private static double Correlation(IReadOnlyList<(double A, double B)> twins)
    {
        var mean = twins.Average(t => (t.A + t.B) / 2);
        var variance = twins.Average(t => ((t.A - mean) * (t.A - mean) + (t.B - mean) * (t.B - mean)) / 2);
        return variance == 0 ? 0 : twins.Average(t => (t.A - mean) * (t.B - mean)) / variance;
    }
}
