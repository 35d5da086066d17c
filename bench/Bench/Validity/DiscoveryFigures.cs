using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>
/// Grids of 500 comparisons, 10% of them 3% slower, judged as one sweep each: what share of the claims is false. Once
/// put together from measured launches, drawn anew from all launches of one shape; once simulated.
/// </summary>
internal static class DiscoveryFigures
{
    private const int Cells = 500;
    private const int Slower = 50;
    private const int Grids = 40;
    private const double Most = 0.05;

    public static IEnumerable<Figure> Of(IReadOnlyList<KnownPair> pairs)
    {
        var pools = pairs
            .GroupBy(p => p.Cell % CellKinds.GridShapes)
            .Select(shape => (Same: Pool(shape, ControlKind.Same), Slower: Pool(shape, ControlKind.Slower)))
            .Where(p => Math.Min(p.Same.Length, p.Slower.Length) >= Campaign.GridLaunches)
            .ToList();
        var random = new SeededRandom(500);
        const string name = "false ÷ claims, launches resampled";
        if (pools.Count == 0)
        {
            yield return new(name, "at most 5%", "none measured");
            yield return Figure.Told("  injected differences found", "none measured");
        }
        else
        {
            foreach (
                var figure in Over(
                    name,
                    slower =>
                    {
                        var (same, other) = pools[(int)random.NextInt64(pools.Count)];
                        return Draw(slower ? other : same, Campaign.GridLaunches, random);
                    }
                )
            )
            {
                yield return figure;
            }
        }

        // Student's t with 5 degrees of freedom has the heavier tails that launches have; spreads as idle and busy machines show.
        foreach (
            var figure in Over(
                "false ÷ claims, simulation (t, 5 d.o.f., spread 0.3 to 5%)",
                slower =>
                {
                    var spread = 0.003 * Math.Pow(0.05 / 0.003, random.NextDouble());
                    var centre = slower ? Math.Log(1 + RawLaunch.Extra) : 0;
                    return
                    [
                        .. Enumerable
                            .Range(0, Campaign.DeepLaunches)
                            .Select(_ => centre + spread * HeavyTailed(random)),
                    ];
                }
            )
        )
        {
            yield return figure;
        }
    }

    private static IEnumerable<Figure> Over(string name, Func<bool, double[]> launches)
    {
        var (shares, found) = (new List<double>(), 0);
        for (var grid = 0; grid < Grids; grid++)
        {
            var verdicts = Stopped.Judge(Enumerable.Range(0, Cells).Select(c => Stopped.Of(launches(c < Slower))));
            var right = verdicts.Take(Slower).Count(v => v == Verdict.Slower);
            var claims = verdicts.Count(v => v is Verdict.Faster or Verdict.Slower);
            shares.Add(claims == 0 ? 0 : (double)(claims - right) / claims);
            found += right;
        }

        // A bound over grids drawn from one set of launches would be narrower than what is known.
        yield return new(
            name,
            "at most 5%",
            $"mean {Figure.Percent(shares.Average())}, worst of {Grids} grids {Figure.Percent(shares.Max())}",
            Words.Of(shares.Average() <= Most, proved: false, excluded: false)
        );
        yield return Figure.Told("  injected differences found", $"{new Share(found, Grids * Slower)}");
    }

    private static double[] Pool(IEnumerable<KnownPair> pairs, ControlKind kind) =>
        [.. pairs.Where(p => p.Kind == kind).SelectMany(p => p.LogRatios)];

    private static double[] Draw(double[] pool, int count, SeededRandom random)
    {
        for (var i = 0; i < count; i++)
        {
            var j = i + (int)random.NextInt64(pool.Length - i);
            (pool[i], pool[j]) = (pool[j], pool[i]);
        }

        return pool[..count];
    }

    private static double HeavyTailed(SeededRandom random)
    {
        const int freedom = 5;
        var squares = 0.0;
        for (var i = 0; i < freedom; i++)
        {
            var x = random.NextNormal();
            squares += x * x;
        }

        return random.NextNormal() / Math.Sqrt(squares / freedom);
    }
}
