using Layerbench.Cli.Planning;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Views;

/// <summary>The sizes that variants were given to meet the baseline, as the launches of a store tell them.</summary>
internal sealed class MatchedView
{
    private readonly MatchTally tally = new();
    private string? by;
    private string baseline = "";

    /// <summary>Looks at cells whose variants were matched; others are none of its business.</summary>
    public void See(CellResult cell, IReadOnlyList<LaunchRecord> launches)
    {
        foreach (var facts in launches.SelectMany(l => l.Variants).DistinctBy(f => f.Label, StringComparer.Ordinal))
        {
            if (facts.Matched is { } match)
            {
                (by, baseline) = (match.By, cell.Baseline);
                tally.See(facts.Label, match.Axis, match.Value, match.Ratio);
            }
        }
    }

    public IEnumerable<string> Lines() => by is null ? [] : tally.Sum().Select(m => MatchText.Line(by, baseline, m));
}
