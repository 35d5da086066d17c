using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Cli.Planning;

/// <summary>How near one variant came to its baseline over all cells that were looked at.</summary>
/// <param name="Values">Least and greatest of the chosen values.</param>
/// <param name="MedianOff">How far the work is off the baseline's, as a share.</param>
/// <param name="WorstOff">Likewise, at the worst.</param>
internal sealed record MatchSummary(string Label, string Axis, Span Values, double MedianOff, double WorstOff);

/// <summary>Gathers what was chosen, cell by cell.</summary>
internal sealed class MatchTally
{
    private readonly Dictionary<(string Label, string Axis), (Span Values, List<double> Off)> seen = [];

    public void See(IReadOnlyList<Matched> matches)
    {
        foreach (var match in matches)
        {
            if (match.Value is not { } value)
            {
                continue;
            }

            var key = (match.Label, match.Axis);
            var (values, off) = seen.TryGetValue(key, out var found) ? found : (Span.None, []);
            off.Add(Math.Abs(match.Ratio - 1));
            seen[key] = (values.With(value), off);
        }
    }

    public IReadOnlyList<MatchSummary> Sum() =>
        [
            .. seen.Select(s => new MatchSummary(
                s.Key.Label,
                s.Key.Axis,
                s.Value.Values,
                Quantiles.Median([.. s.Value.Off]),
                s.Value.Off.Max()
            )),
        ];
}
