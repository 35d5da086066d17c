using Layerbench.Core.Scheduling;

namespace Layerbench.Metrics.Sweeps;

/// <summary>How far a sweep is, as whoever coordinates it knows.</summary>
/// <param name="Eta">Null while nothing is known of it.</param>
/// <param name="LowerBound">Least time that all of the sweep could take on its devices; null while nothing is known of it.</param>
/// <param name="IsOver">Nothing of it goes on.</param>
public sealed record SweepStand(SweepProgress Progress, TimeSpan? Eta, TimeSpan? LowerBound, bool IsOver)
{
    /// <summary>Share of its failure budget that is used up; null: it has none.</summary>
    public double? FailureBudgetUsed { get; init; }
}
