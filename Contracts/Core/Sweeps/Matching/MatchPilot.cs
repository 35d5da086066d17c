using Layerbench.Core.Statistics;

namespace Layerbench.Core.Sweeps.Matching;

/// <summary>A candidate's measured time ÷ the baseline's.</summary>
public readonly record struct PilotRatio(long Value, double Ratio);

/// <summary>
/// Chooses widths or depths of equal time from two rounds of short measurements: the first far apart, the second near
/// where the first crosses 1. Pure: it says what to time, and is told the times.
/// </summary>
public sealed class MatchPilot
{
    /// <summary>A pilot takes seconds for every point.</summary>
    public const int MostPoints = 200;

    private static readonly double[] Wide = [0.25, 0.5, 1, 2, 4];
    private static readonly double[] Near = [0.8, 0.9, 1, 1.11, 1.25];

    private readonly SweepPlan plan;
    private readonly Cell[] cells;

    /// <param name="plan">Of a spec that <see cref="MatchSpec.NeedsPilot"/>.</param>
    public MatchPilot(SweepPlan plan)
    {
        this.plan = plan;
        cells =
        [
            .. Range(Math.Min(plan.Points, MostPoints))
                .Select(plan.At)
                .OfType<Cell>()
                .Where(c => plan.Refusal(c) is null),
        ];
    }

    /// <summary>Why the sweep cannot be piloted, or null.</summary>
    public string? Problem =>
        plan.Points > MostPoints
            ? FormattableString.Invariant(
                $"match: time is for at most {MostPoints} points, and this design has {plan.Points}; use fewer, or match by flops"
            )
            : null;

    public PilotCells FirstRound() =>
        PilotCells.Of(plan, cells, (cell, match) => Around(cell, match, match.Value ?? 1, Wide));

    /// <param name="first">By cell index of the plan and label: what the first round measured.</param>
    public PilotCells SecondRound(IReadOnlyDictionary<(long Index, string Label), IReadOnlyList<PilotRatio>> first) =>
        PilotCells.Of(
            plan,
            cells.Where(c => plan.Matches(c).All(m => Of(first, c, m).Count > 0)),
            (cell, match) => Around(cell, match, Crossing(Of(first, cell, match)), Near)
        );

    /// <param name="second">What the second round measured, likewise.</param>
    /// <returns>Nothing for a point that has no times.</returns>
    public IReadOnlyList<MatchChoice> Choose(
        IReadOnlyDictionary<(long Index, string Label), IReadOnlyList<PilotRatio>> second
    )
    {
        string[] telling =
        [
            .. plan.Spec.Axes.OfType<AxisSpec.Listed>().Where(a => a.Values.Count > 1).Select(a => a.Name),
        ];
        return
        [
            .. from cell in cells
            from match in plan.Matches(cell)
            let times = Of(second, cell, match)
            where times.Count > 0
            select Best(cell, match, times, telling),
        ];
    }

    private MatchChoice Best(Cell cell, Matched match, IReadOnlyList<PilotRatio> times, string[] telling)
    {
        var at = telling.ToDictionary(a => a, a => cell.Point[a], StringComparer.Ordinal);
        (double X, double Y)[] logs = [.. times.Select(t => (Math.Log(t.Value), Math.Log(t.Ratio)))];
        var exponent = PowerLaw.Exponent([logs]);
        if (exponent > 0)
        {
            var (x, y) = (logs.Average(l => l.X), logs.Average(l => l.Y));
            // Not far beyond what was timed: there the fit says little.
            var wanted = Math.Clamp(
                Math.Exp(x - (y / exponent)),
                times.Min(t => t.Value) / 1.25,
                times.Max(t => t.Value) * 1.25
            );
            if (Allowed(cell, match, wanted) is { } value)
            {
                return new(match.Label, at, value, Math.Exp(y + (exponent * (Math.Log(value) - x))));
            }
        }

        // Times that do not grow with the value: the nearest that was measured.
        var nearest = times.MinBy(t => Math.Abs(Math.Log(t.Ratio)));
        return new(match.Label, at, nearest.Value, nearest.Ratio);
    }

    /// <summary>Where the ratio passes 1, on log scales; the end that is nearer where it does not.</summary>
    private static double Crossing(IReadOnlyList<PilotRatio> times)
    {
        var sorted = times.OrderBy(t => t.Value).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var (low, high) = (Math.Log(sorted[i - 1].Ratio), Math.Log(sorted[i].Ratio));
            if (low <= 0 && high > 0)
            {
                var (from, to) = (Math.Log(sorted[i - 1].Value), Math.Log(sorted[i].Value));
                return Math.Exp(from + ((to - from) * (-low / (high - low))));
            }
        }

        return sorted.MinBy(t => Math.Abs(Math.Log(t.Ratio))).Value;
    }

    private IEnumerable<long> Around(Cell cell, Matched match, double middle, double[] factors) =>
        factors.Select(f => Allowed(cell, match, middle * f)).OfType<long>();

    /// <summary>The nearest value that the variant can run with.</summary>
    private long? Allowed(Cell cell, Matched match, double wanted)
    {
        var middle = (long)Math.Round(Math.Clamp(wanted, 1, MatchSearch.Most));
        return Range(MatchSearch.MostSteps)
            .SelectMany(step => step == 0 ? [middle] : (long[])[middle - step, middle + step])
            .Where(value => plan.Allows(cell, match, value))
            .Select(value => (long?)value)
            .FirstOrDefault();
    }

    private static IReadOnlyList<PilotRatio> Of(
        IReadOnlyDictionary<(long Index, string Label), IReadOnlyList<PilotRatio>> times,
        Cell cell,
        Matched match
    ) => times.TryGetValue((cell.Index, match.Label), out var found) ? found : [];

    private static IEnumerable<long> Range(long count) => Enumerable.Range(0, (int)count).Select(i => (long)i);
}
