using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>What a sweep's results say so far, in a few numbers for those who watch over many sweeps.</summary>
/// <param name="Variants">The grid's verdicts by label; controls are not in it.</param>
/// <param name="Nodes">By node: how far what was measured there can be believed.</param>
/// <param name="RelativeTime">By label, baselines left out: time over the baseline's; median over cells.</param>
/// <param name="Roofline">By label: speed over what the device can do; median over cells of which that is known.</param>
public sealed record SurveyFindings(
    IReadOnlyDictionary<string, VerdictCounts> Variants,
    IReadOnlyDictionary<string, NodeTrust> Nodes,
    IReadOnlyDictionary<string, double> RelativeTime,
    IReadOnlyDictionary<string, double> Roofline
);

/// <summary>Whether a node's figures can be believed.</summary>
/// <param name="FalsePositives">Controls of identical code that were judged Faster or Slower.</param>
/// <param name="Power">Controls with extra work that were judged Slower.</param>
/// <param name="Noise">Standard deviation of the log of the baseline's time over a cell's launches; median over cells. Null before a cell has two.</param>
public readonly record struct NodeTrust(Proportion FalsePositives, Proportion Power, double? Noise)
{
    /// <summary>Blocks timed there.</summary>
    public long Blocks { get; init; }

    /// <summary>Of these, on outside evidence.</summary>
    public SetAside SetAside { get; init; }

    /// <summary>How steady its devices were; null where none has two canaries.</summary>
    public DriftSummary? Drift { get; init; }
}
