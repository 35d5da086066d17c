using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>One launch of a pair: seconds of both sides by block, without the blocks set aside on outside evidence.</summary>
/// <param name="LogRatio">Second side ÷ baseline: within a block where blocks are shared, else between medians.</param>
internal sealed record PairTimes(double[] Baseline, double[] Second, double LogRatio)
{
    /// <returns>Null where nothing was accepted.</returns>
    public static PairTimes? Of(LaunchRecord launch)
    {
        var accepted = Exclusions
            .Apply(launch)
            .Samples.Select(SampleScreen.Screen)
            .Where(s => s.Accepted)
            .GroupBy(s => s.Block)
            .Where(b => b.Count() == 2)
            .OrderBy(b => b.Key)
            .Select(b =>
                (Baseline: b.Single(s => s.Variant == 0).Seconds, Second: b.Single(s => s.Variant == 1).Seconds)
            )
            .ToList();
        double[] baseline = [.. accepted.Select(b => b.Baseline)];
        double[] second = [.. accepted.Select(b => b.Second)];
        return accepted.Count == 0
            ? null
            : new(baseline, second, Quantiles.Median([.. accepted.Select(b => Math.Log(b.Second / b.Baseline))]));
    }

    public static PairTimes OfSequence(IReadOnlyList<double> baseline, IReadOnlyList<double> second) =>
        new([.. baseline], [.. second], Math.Log(Quantiles.Median([.. second]) / Quantiles.Median([.. baseline])));
}

/// <summary>Two sides of known ratio in one cell, over all its launches.</summary>
/// <param name="Place">Which of the cell's pairs.</param>
internal sealed record KnownPair(
    ControlKind Kind,
    RunKey Run,
    bool Deep,
    int Cell,
    int Place,
    IReadOnlyList<PairTimes> Launches
)
{
    /// <summary>Log of the true ratio.</summary>
    public double Truth => Kind == ControlKind.Same ? 0 : Math.Log(1 + RawLaunch.Extra);

    /// <summary>By launch.</summary>
    public double[] LogRatios { get; } = [.. Launches.Select(l => l.LogRatio)];

    /// <summary>Where the product's rule stops within these launches.</summary>
    public Stopped Stop { get; } = Stopped.Of([.. Launches.Select(l => l.LogRatio)]);

    /// <summary>The same pair of the same cell in other runs has the same value.</summary>
    public (ControlKind, bool, int, int) Identity => (Kind, Deep, Cell, Place);

    /// <summary>Pairs of cells with all their launches, interleaved and one after the other.</summary>
    public static (IReadOnlyList<KnownPair> Interleaved, IReadOnlyList<KnownPair> Sequential) Of(
        IEnumerable<RawLaunch> launches
    )
    {
        var cells = launches
            .GroupBy(l => l.Place)
            .Select(g => g.OrderBy(l => l.Launch).ToList())
            .Where(c => c.Count == (c[0].Deep ? Campaign.DeepLaunches : Campaign.GridLaunches))
            .OrderBy(c => c[0].Run)
            .ThenBy(c => c[0].Cell)
            .ToList();
        return (
            [.. cells.SelectMany(Interleaved)],
            [.. cells.Where(c => c.TrueForAll(l => l.Sequential is not null)).SelectMany(Sequential)]
        );
    }

    private static IEnumerable<KnownPair> Interleaved(List<RawLaunch> cell)
    {
        var first = cell[0];
        var pairs = CellKinds.Pairs(first.Deep);
        for (var place = 0; place < 2 * pairs; place++)
        {
            var kind = place < pairs ? ControlKind.Same : ControlKind.Slower;
            var times = cell.Select(l => PairTimes.Of(Launch(l, 2 * place))).OfType<PairTimes>().ToList();
            yield return new(kind, first.Place.Run, first.Deep, first.Cell, place, times);
        }
    }

    private static IEnumerable<KnownPair> Sequential(List<RawLaunch> cell)
    {
        foreach (var (kind, second) in new[] { (ControlKind.Same, 1), (ControlKind.Slower, 2) })
        {
            var times = cell.ConvertAll(l => PairTimes.OfSequence(l.Sequential![0], l.Sequential[second]));
            yield return new(kind, cell[0].Place.Run, cell[0].Deep, cell[0].Cell, second, times);
        }
    }

    /// <summary>The pair alone, as a store would hold it.</summary>
    private static LaunchRecord Launch(RawLaunch raw, int firstVariant) =>
        new(
            new CellId("validity"),
            LaunchKind.Time,
            raw.Launch,
            1,
            new DeviceId("cpu"),
            new FingerprintId("validity"),
            DateTimeOffset.UnixEpoch,
            0,
            raw.Seed,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            Steady: true,
            [],
            [
                .. raw
                    .Rows.Where(r => r[0] == firstVariant || r[0] == firstVariant + 1)
                    .Select(r => RawLaunch.Sample(r, firstVariant)),
            ],
            []
        );
}
