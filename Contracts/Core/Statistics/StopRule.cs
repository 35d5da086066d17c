using System.Globalization;
using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>
/// Decides after launches whether a cell needs more. A rule never looks at whether a difference is significant: stopping
/// for that makes false discoveries.
/// </summary>
public abstract record StopRule
{
    /// <param name="estimate">From all time launches so far.</param>
    /// <param name="spent">Measuring time of the cell over all its launches.</param>
    /// <param name="budget">The most of it; null: no bound.</param>
    public abstract StopDecision Decide(CellEstimate estimate, TimeSpan spent, TimeSpan? budget);

    /// <summary>The cell's budget is spent before the rule was content.</summary>
    protected static StopDecision BudgetSpent(TimeSpan budget, int launches) =>
        new StopDecision.Ended(
            new Outcome.Unconverged(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"budget of {Words(budget)} spent after {launches} {(launches == 1 ? "launch" : "launches")}"
                )
            )
        );

    /// <summary><c>2m</c>, <c>1h30m</c>, <c>1.5s</c>, as a sweep file writes it.</summary>
    private static string Words(TimeSpan time)
    {
        var hours = (long)time.TotalHours;
        var seconds = (time - TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(time.Minutes)).TotalSeconds;
        var words = (hours > 0 ? $"{hours}h" : "") + (time.Minutes > 0 ? $"{time.Minutes}m" : "");
        return seconds > 0 || words.Length == 0
            ? words + seconds.ToString("0.###", CultureInfo.InvariantCulture) + "s"
            : words;
    }
}

/// <summary>What a <see cref="StopRule"/> says.</summary>
public abstract record StopDecision
{
    private StopDecision() { }

    /// <param name="Launches">So many more before the rule looks again.</param>
    public sealed record More(int Launches) : StopDecision;

    public sealed record Ended(Outcome Outcome) : StopDecision;
}

/// <summary>Completed after this many launches, however wide the interval is.</summary>
/// <param name="Launches">At least 1.</param>
public sealed record FixedLaunches(int Launches) : StopRule
{
    public override StopDecision Decide(CellEstimate estimate, TimeSpan spent, TimeSpan? budget) =>
        estimate.TimeLaunches >= Launches ? new StopDecision.Ended(new Outcome.Completed())
        : budget is { } most && spent >= most ? BudgetSpent(most, estimate.TimeLaunches)
        : new StopDecision.More(Launches - estimate.TimeLaunches);
}
