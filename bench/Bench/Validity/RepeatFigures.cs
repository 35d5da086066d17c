using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>What a second run of the same cells says: other seeds, orders and processes, and another time of day or load.</summary>
internal static class RepeatFigures
{
    /// <param name="one">Pairs of some runs.</param>
    /// <param name="other">Of others, or the same list: then its runs among themselves.</param>
    /// <param name="loaded">A loaded machine may differ by more.</param>
    public static IEnumerable<Figure> Of(IReadOnlyList<KnownPair> one, IReadOnlyList<KnownPair> other, bool loaded)
    {
        var most = loaded ? 0.01 : 0.005;
        var asked = loaded ? "at most 1%" : "at most 0.5%";
        var twice = Twice(one, other).ToList();
        double[] differences =
        [
            .. twice.Select(t =>
                Math.Abs(Math.Log(t.First.Pair.Stop.Evidence.Ratio.Value / t.Second.Pair.Stop.Evidence.Ratio.Value))
            ),
        ];
        yield return Figure.Told("ratios measured in two runs", $"{differences.Length}");
        yield return new(
            "difference: median",
            asked,
            Quantile(differences, 0.5),
            Words.QuantileAtMost(differences, 0.5, most)
        );
        yield return new(
            "difference: 95% of them are below",
            asked,
            Quantile(differences, 0.95),
            Words.QuantileAtMost(differences, 0.95, most)
        );
        yield return Figure.Told("difference: the greatest", Quantile(differences, 1));
        var reversed = Share.Where(
            twice,
            t =>
                (t.First.Verdict, t.Second.Verdict)
                    is
                        (Verdict.Faster, Verdict.Slower)
                        or
                        (Verdict.Slower, Verdict.Faster)
        );
        yield return new(
            "verdicts that contradict each other",
            "0",
            $"{reversed}",
            reversed.Of == 0 ? "" : Words.Of(reversed.Count == 0, proved: false, excluded: true)
        );
    }

    private static IEnumerable<(
        (KnownPair Pair, Verdict Verdict) First,
        (KnownPair Pair, Verdict Verdict) Second
    )> Twice(IReadOnlyList<KnownPair> one, IReadOnlyList<KnownPair> other) =>
        from first in ControlFigures.Judged(one)
        join second in ControlFigures.Judged(other) on first.Pair.Identity equals second.Pair.Identity
        where Before(first.Pair.Run, second.Pair.Run)
        select (first, second);

    /// <summary>So that each two runs meet once.</summary>
    private static bool Before(RunKey a, RunKey b) => (a.Hog, a.Seed, a.Run).CompareTo((b.Hog, b.Seed, b.Run)) < 0;

    private static string Quantile(double[] logs, double probability) =>
        Figure.Percent(logs.Length == 0 ? double.NaN : Math.Exp(Quantiles.Type7(logs, probability)) - 1);
}
