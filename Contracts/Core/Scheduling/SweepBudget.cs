using System.Globalization;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Scheduling;

/// <summary>What a sweep's budget leaves behind.</summary>
public static class SweepBudget
{
    /// <summary>The outcome of a cell that has launches and needs more when the budget is spent; a later run goes on with it.</summary>
    /// <param name="launches">Time launches that it has, at least 1.</param>
    public static Outcome Spent(TimeSpan budget, int launches) =>
        new Outcome.Unconverged(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the sweep's budget of {StopRule.Words(budget)} spent after {launches} {(launches == 1 ? "launch" : "launches")}"
            )
        );
}
