using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Quality;

namespace Layerbench.Engine.Output;

/// <summary>What all finished cells of a sweep say together.</summary>
/// <param name="Axes">Of all cells, in the sweep's order; a cell has those that its pass takes.</param>
public sealed record SweepConclusion(
    SweepVerdicts Verdicts,
    QualityFindings Quality,
    IReadOnlyList<string> Axes,
    BackendReport Backends
)
{
    /// <summary>Whether sizes were chosen to match a baseline.</summary>
    public bool HasMatches { get; init; }

    /// <summary>Whether epochs were timed.</summary>
    public bool HasEpochs { get; init; }
}
