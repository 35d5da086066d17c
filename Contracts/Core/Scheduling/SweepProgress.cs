namespace Layerbench.Core.Scheduling;

/// <param name="Size">Indices of the plan; where conditions exclude points, an upper bound of cells until <paramref name="Passed"/> reaches it.</param>
/// <param name="Passed">Indices decided on: finished or excluded.</param>
/// <param name="Finished">Cells with an outcome.</param>
/// <param name="InFlight">Cells leased now.</param>
public readonly record struct SweepProgress(
    long Size,
    long Passed,
    long Finished,
    long Excluded,
    int InFlight,
    bool Paused,
    bool Cancelled
)
{
    /// <summary>Why it was stopped without being asked to (its failure budget is spent); null where it was not.</summary>
    public string? StopReason { get; init; }
}

/// <summary>
/// Expected seconds by the order's cost function, from which <see cref="Eta"/> makes a time. Cells that were finished
/// before this run count in neither.
/// </summary>
/// <param name="Remaining">Of one launch of every cell not finished; an estimate where cells are not looked at yet.</param>
/// <param name="Finished">Of one launch of every cell that ended in this run; where costs are learnt, what it took.</param>
/// <param name="InFlight">Of the cells that are leased now, which are among the remaining.</param>
public readonly record struct SweepWork(double Remaining, double Finished, double InFlight = 0);
