using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>All launches of one cell in one order of measuring: per launch, the log of each variant's ratio to the baseline.</summary>
/// <param name="Times">By launch, variant and block.</param>
internal sealed record JudgedCell(int Cell, bool Paired, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Times)
{
    /// <summary>By launch. Within a block where the blocks are shared, else between the medians of two lists.</summary>
    public double[] LogRatios(int variant) => [.. Times.Select(launch => LogRatio(launch, variant))];

    /// <summary>Of one launch, by block.</summary>
    public static double[] BlockLogRatios(IReadOnlyList<IReadOnlyList<double>> launch, int variant) =>
        [.. launch[variant].Zip(launch[RawLaunch.Baseline], (v, b) => Math.Log(v / b))];

    /// <summary>All samples of a variant, over the launches.</summary>
    public IReadOnlyList<double> Pooled(int variant) => [.. Times.SelectMany(launch => launch[variant])];

    private double LogRatio(IReadOnlyList<IReadOnlyList<double>> launch, int variant) =>
        Paired
            ? Quantiles.Median(BlockLogRatios(launch, variant))
            : Math.Log(Quantiles.Median([.. launch[variant]]) / Quantiles.Median([.. launch[RawLaunch.Baseline]]));

    /// <summary>Cells with all their launches, in both orders.</summary>
    public static (IReadOnlyList<JudgedCell> Interleaved, IReadOnlyList<JudgedCell> Sequential) Of(
        IEnumerable<RawLaunch> launches
    )
    {
        var cells = launches
            .GroupBy(l => l.Cell)
            .OrderBy(g => g.Key)
            .Select(g => g.OrderBy(l => l.Launch).ToList())
            .Where(g => g.Count == Gathering.Launches)
            .ToList();
        return (
            [.. cells.Select(c => new JudgedCell(c[0].Cell, true, [.. c.Select(l => l.Interleaved)]))],
            [
                .. cells
                    .Where(c => c.TrueForAll(l => l.Sequential is not null))
                    .Select(c => new JudgedCell(c[0].Cell, false, [.. c.Select(l => l.Sequential!)])),
            ]
        );
    }
}
