using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;

namespace Layerbench.Web.Live;

/// <summary>A finished cell with what its launches say; samples and curves are not kept.</summary>
/// <param name="Work">Null where nothing can be held against what its device can do.</param>
/// <param name="Learnt">Launches of a quality pass, without their curves.</param>
internal sealed record BookCell(
    CellResult Result,
    CellFindings Findings,
    CellWork? Work,
    IReadOnlyList<LaunchRecord> Learnt
)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> noCurves =
        new Dictionary<string, IReadOnlyList<CurvePoint>>();

    public static BookCell Of(CellResult cell, IReadOnlyList<LaunchRecord> launches, AnalysisRule rule)
    {
        var findings = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule);
        return new(
            cell,
            findings,
            CellWork.Of(cell, findings.Estimate, launches),
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
}
