using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>The same samples judged by the product's rule and by simpler ones, side by side.</summary>
internal static class RuleLines
{
    private static readonly (string Name, Func<KnownPair, IEnumerable<int>> Claims)[] rules =
    [
        ("t-test on 12 launch medians, p < .01", p => [SimpleRules.StudentsT(p.LogRatios, 0.01)]),
        (
            "12 launches pooled, Mann-Whitney, alpha .05",
            p =>
                [
                    SimpleRules.MannWhitney(
                        [.. p.Launches.SelectMany(l => l.Second)],
                        [.. p.Launches.SelectMany(l => l.Baseline)],
                        0.05
                    ),
                ]
        ),
        ("one launch, Mann-Whitney, alpha .05", Each(l => SimpleRules.MannWhitney(l.Second, l.Baseline, 0.05))),
        ("one launch, Welch, p < .01", Each(l => SimpleRules.Welch(l.Second, l.Baseline, 0.01))),
        ("one launch, 95% intervals do not overlap", Each(l => SimpleRules.NoOverlap(l.Second, l.Baseline))),
        ("one launch, beyond 1% (as BenchmarkDotNet)", Each(l => SimpleRules.BeyondMargin(l.Second, l.Baseline, 0.01))),
        ("one launch, 7 runs, mean +- std (%timeit)", Each(l => SimpleRules.Timeit(l.Second, l.Baseline))),
    ];

    public static IEnumerable<string> Of(IReadOnlyList<KnownPair> interleaved, IReadOnlyList<KnownPair> sequential)
    {
        foreach (var (order, pairs) in new[] { ("interleaved", interleaved), ("in sequence", sequential) })
        {
            if (pairs.Count == 0)
            {
                yield return $"  {"", -44} {order, -12} none measured";
                continue;
            }

            var judged = ControlFigures.Judged(pairs);
            yield return Line(
                "layerbench: up to 12 launches, margin 2%",
                order,
                kind => judged.Where(j => j.Pair.Kind == kind).Select(j => Sign(j.Verdict))
            );
            foreach (var (name, claims) in rules)
            {
                yield return Line(name, order, kind => pairs.Where(p => p.Kind == kind).SelectMany(claims));
            }
        }
    }

    private static Func<KnownPair, IEnumerable<int>> Each(Func<PairTimes, int> claim) => p => p.Launches.Select(claim);

    private static int Sign(Verdict verdict) =>
        verdict switch
        {
            Verdict.Faster => -1,
            Verdict.Slower => 1,
            _ => 0,
        };

    private static string Line(string name, string order, Func<ControlKind, IEnumerable<int>> claims)
    {
        var slower = claims(ControlKind.Slower).ToList();
        return $"  {name, -44} {order, -12} {Share.Where(claims(ControlKind.Same), c => c != 0), -28} "
            + $"{Share.Where(slower, c => c > 0), -28} {slower.Count(c => c < 0), 8}";
    }
}
