using Layerbench.Core.Statistics;

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

    /// <param name="ratio">The variant's work ÷ the baseline's with the value.</param>
    public void See(string label, string axis, long value, double ratio)
    {
        var key = (label, axis);
        var (values, off) = seen.TryGetValue(key, out var found) ? found : (Span.None, []);
        off.Add(Math.Abs(ratio - 1));
        seen[key] = (values.With(value), off);
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
