using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>All cells as one grid, judged by the product's own rule: a half of the comparisons is A/A, a half +3%.</summary>
internal static class JudgedGrid
{
    /// <summary>From launches <paramref name="from"/> up to and without <paramref name="to"/> of each cell.</summary>
    public static (IReadOnlyList<Verdict> Same, IReadOnlyList<Verdict> Slower) Verdicts(
        IReadOnlyList<JudgedCell> cells,
        int from,
        int to
    )
    {
        var evidence = new[] { RawLaunch.Same, RawLaunch.Slower }
            .SelectMany(variant => cells.Select(cell => Of(cell.LogRatios(variant)[from..to])))
            .ToList();
        var verdicts = Core.Statistics.Verdicts.Over(evidence, new VerdictRule()).Select(j => j.Verdict).ToList();
        return (verdicts[..cells.Count], verdicts[cells.Count..]);
    }

    private static Evidence Of(double[] logRatios) =>
        new(HodgesLehmann.EstimateFromLogs(logRatios), Core.Statistics.Verdicts.PValue(logRatios));
}
