using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>From finished cells, one after the other, to what they say together; for files and reports alike.</summary>
public sealed class SweepTally(AnalysisRule rule)
{
    private readonly SweepAnalysis analysis = new(rule);
    private readonly QualityAnalysis quality = new();
    private readonly BackendAnalysis backends = new(rule);
    private readonly OrderedDictionary<string, bool> axes = new(StringComparer.Ordinal);
    private bool matches;
    private bool epochs;

    /// <param name="launches">The cell's that are not superseded.</param>
    public CellFindings See(CellResult cell, IReadOnlyList<LaunchRecord> launches)
    {
        var findings = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, analysis.Rule);
        See(cell, findings, launches);
        return findings;
    }

    /// <param name="findings">Of the cell, by the same rule.</param>
    /// <inheritdoc cref="See(CellResult, IReadOnlyList{LaunchRecord})"/>
    public void See(CellResult cell, CellFindings findings, IReadOnlyList<LaunchRecord> launches)
    {
        analysis.See(cell, findings);
        backends.See(cell, findings, launches);
        quality.See(cell, launches);
        matches |= launches.Any(l => l.Variants.Any(v => v.Matched is not null));
        epochs |= Epochs.Are(cell);
        foreach (var axis in cell.Point.Keys)
        {
            axes[axis] = true;
        }
    }

    public SweepConclusion Conclude(IReadOnlyList<CanaryRecord> canaries) =>
        new(analysis.Conclude(), quality.Conclude(), [.. axes.Keys], backends.Conclude(canaries))
        {
            HasMatches = matches,
            HasEpochs = epochs,
        };
}
