using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>The same samples judged by the product's rule and by simpler ones, side by side.</summary>
internal static class RuleLines
{
    private delegate IEnumerable<int> Claims(JudgedCell cell, int variant);

    private static readonly (string Name, Claims Claims)[] rules =
    [
        ("t-test on 12 launch medians, p < .01", (c, v) => [SimpleRules.StudentsT(c.LogRatios(v), 0.01)]),
        (
            "12 launches pooled, Mann-Whitney, alpha .05",
            (c, v) => [SimpleRules.MannWhitney(c.Pooled(v), c.Pooled(RawLaunch.Baseline), 0.05)]
        ),
        (
            "one launch, Mann-Whitney, alpha .05",
            (c, v) => c.Times.Select(t => SimpleRules.MannWhitney(t[v], t[RawLaunch.Baseline], 0.05))
        ),
        (
            "one launch, 7 runs, mean +- std (%timeit)",
            (c, v) => c.Times.Select(t => SimpleRules.Timeit(t[v], t[RawLaunch.Baseline]))
        ),
    ];

    public static IEnumerable<string> Of(IReadOnlyList<JudgedCell> interleaved, IReadOnlyList<JudgedCell> sequential)
    {
        foreach (var (order, cells) in new[] { ("interleaved", interleaved), ("in sequence", sequential) })
        {
            if (cells.Count == 0)
            {
                yield return $"  {"", -44} {order, -12} none measured";
                continue;
            }

            var (same, slower) = JudgedGrid.Verdicts(cells, 0, Gathering.Launches);
            yield return Line(
                "layerbench: 12 launches, margin 2%, FDR 5%",
                order,
                same.Select(Sign),
                slower.Select(Sign)
            );
            foreach (var (name, claims) in rules)
            {
                yield return Line(
                    name,
                    order,
                    cells.SelectMany(c => claims(c, RawLaunch.Same)),
                    cells.SelectMany(c => claims(c, RawLaunch.Slower))
                );
            }
        }
    }

    private static int Sign(Verdict verdict) =>
        verdict switch
        {
            Verdict.Faster => -1,
            Verdict.Slower => 1,
            _ => 0,
        };

    private static string Line(string name, string order, IEnumerable<int> same, IEnumerable<int> slower)
    {
        var known = slower.ToList();
        return $"  {name, -44} {order, -12} {Share.Where(same, c => c != 0), -28} {Share.Where(known, c => c > 0), -28} "
            + $"{known.Count(c => c < 0), 8}";
    }
}
