namespace Layerbench.Core.Quality;

/// <summary>A training has reached a rung.</summary>
/// <param name="Label">The variant's.</param>
/// <param name="Value">The metric there; null where it is no number.</param>
public sealed record RungArrival(GroupId Group, string Label, CellId Cell, long Step, double? Value);

/// <summary>What was decided of it, as the store keeps it.</summary>
public sealed record RungDecision(RungArrival Arrival, bool Go);

/// <summary>
/// Asynchronous successive halving (Li, Jamieson, Rostamizadeh et al. 2020, arXiv:1810.05934), in the form that ends runs
/// and never pauses one: at a rung a run goes on where its value is among the best <c>keep</c> of those that the same
/// variant's runs of its group have had there so far, its own among them.
/// </summary>
/// <remarks>
/// What is decided depends on the order in which runs arrive: the first always goes on. So decisions are kept, and a run
/// that is repeated after a crash gets the answer that it had. Not thread-safe.
/// </remarks>
/// <param name="keep">Over 0 and below 1.</param>
public sealed class RungBook(double keep)
{
    private readonly Dictionary<(GroupId Group, string Label, long Step), List<double>> values = [];
    private readonly Dictionary<(CellId Cell, string Label, long Step), RungDecision> decisions = [];

    /// <summary>What is to be answered; changes nothing. The answer of an arrival that was decided before stays.</summary>
    public RungDecision Decide(RungArrival arrival) =>
        decisions.TryGetValue((arrival.Cell, arrival.Label, arrival.Step), out var before)
            ? before
            : new RungDecision(arrival, arrival.Value is { } value && double.IsFinite(value) && IsGood(arrival, value));

    /// <summary>The decision stands. One that stands already is left as it is.</summary>
    public void Keep(RungDecision decision)
    {
        var arrival = decision.Arrival;
        if (!decisions.TryAdd((arrival.Cell, arrival.Label, arrival.Step), decision))
        {
            return;
        }

        var key = (arrival.Group, arrival.Label, arrival.Step);
        if (!values.TryGetValue(key, out var seen))
        {
            values[key] = seen = [];
        }

        // One without a value is the worst of all.
        seen.Add(arrival.Value is { } value && double.IsFinite(value) ? value : double.NegativeInfinity);
    }

    private bool IsGood(RungArrival arrival, double value)
    {
        var seen = values.GetValueOrDefault((arrival.Group, arrival.Label, arrival.Step)) ?? [];
        // The slack is for shares like 1/3, of which three do not make a whole number in floating point.
        var kept = Math.Max(1, (int)Math.Floor(((seen.Count + 1) * keep) + 1e-9));
        return seen.Count(v => v > value) < kept;
    }
}
