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
    internal static string Words(TimeSpan time)
    {
        var hours = (long)time.TotalHours;
        var seconds = (time - TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(time.Minutes)).TotalSeconds;
        var words = (hours > 0 ? $"{hours}h" : "") + (time.Minutes > 0 ? $"{time.Minutes}m" : "");
        return seconds > 0 || words.Length == 0
            ? words + seconds.ToString("0.###", CultureInfo.InvariantCulture) + "s"
            : words;
    }
}

/// <summary>
/// Completed at the first look (see <see cref="Looks"/>) at which every ratio's interval is as narrow as asked,
/// Unconverged at the last. A cell without ratios is Completed at its first look by the widths of its times.
/// </summary>
/// <param name="Target">Half the interval's width ÷ its value, above 0.</param>
/// <param name="Most">The last look, at least 6.</param>
public sealed record LooksRule(double Target, int Most) : StopRule
{
    public override StopDecision Decide(CellEstimate estimate, TimeSpan spent, TimeSpan? budget)
    {
        var launches = estimate.TimeLaunches;
        // The first look not passed yet: launches between two looks are not looked at.
        var look = Looks.Next(launches - 1, Most) ?? launches;
        if (launches >= look)
        {
            var width = Widest(estimate);
            if (width <= Target)
            {
                return new StopDecision.Ended(new Outcome.Completed());
            }

            if (launches >= Most)
            {
                return new StopDecision.Ended(new Outcome.Unconverged(TooWide(width, launches)));
            }
        }

        return budget is { } most && spent >= most
            ? BudgetSpent(most, launches)
            : new StopDecision.More(Looks.Next(launches, Most)!.Value - launches);
    }

    /// <summary>Infinite where a side has no interval.</summary>
    private static double Widest(CellEstimate estimate)
    {
        var ratios = estimate.Variants.Where(v => v.Ratio is not null).Select(v => v.Ratio!.Value).ToList();
        var widths = (ratios.Count > 0 ? ratios : estimate.Variants.Select(v => v.Seconds)).Select(HalfWidth).ToList();
        return widths.Count == 0 ? double.PositiveInfinity : widths.Max();
    }

    private static double HalfWidth(Interval interval)
    {
        var width = (interval.High - interval.Low) / 2 / interval.Value;
        return double.IsNaN(width) ? double.PositiveInfinity : width;
    }

    private string TooWide(double width, int launches) =>
        double.IsFinite(width)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"half-width {100 * width:0.##}% after {launches} launches; target {100 * Target:0.##}%"
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"no interval after {launches} launches: no samples were accepted of some variant; target {100 * Target:0.##}%"
            );
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
