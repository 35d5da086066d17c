using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Web.Live;

/// <summary>A finished cell with what its launches say; samples and curves are not kept.</summary>
/// <param name="Learnt">Launches of a quality pass, without their curves.</param>
internal sealed record BookCell(CellResult Result, CellFindings Findings, IReadOnlyList<LaunchRecord> Learnt)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> noCurves =
        new Dictionary<string, IReadOnlyList<CurvePoint>>();

    public static BookCell Of(CellResult cell, IReadOnlyList<LaunchRecord> launches, AnalysisRule rule) =>
        new(
            cell,
            CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule),
            [
                .. launches
                    .Where(l => l.Kind == LaunchKind.Quality)
                    .Select(l =>
                        l with
                        {
                            Curves = [],
                            Trainings = [.. l.Trainings.Select(t => t with { Series = noCurves })],
                        }
                    ),
            ]
        );
}
