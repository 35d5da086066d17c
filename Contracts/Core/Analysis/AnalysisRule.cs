using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Analysis;

/// <summary>How samples become verdicts. Another rule over the same store gives other verdicts, never other samples.</summary>
public sealed record AnalysisRule
{
    public VerdictRule Verdict { get; init; } = new();

    /// <summary>Whether blocks are set aside on outside evidence; see <see cref="Analysis.Exclusions"/>.</summary>
    public bool Exclusions { get; init; } = true;

    /// <summary>Whether launches ended at looks, so that intervals are taken at the looks' levels and not at 5%.</summary>
    public bool Looks { get; init; } = true;

    /// <summary>The extra work of the controls that are to be found, as a share of the work.</summary>
    public double ControlEffect { get; init; } = new ControlSpec().Effect;

    /// <summary>Comparisons that are judged by Holm besides the grid.</summary>
    public IReadOnlyList<HeadlineSpec> Headlines { get; init; } = [];

    /// <summary>The rule of a sweep that was measured so.</summary>
    public static AnalysisRule Of(MeasureSpec measure) => new() { Looks = measure.Launches is null };

    /// <summary>The chance that an interval over so many launches misses the truth.</summary>
    public double Level(int launches) => Looks && launches > 0 ? Statistics.Looks.Level(launches) : 0.05;
}
