namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    /// <summary>Seconds that the cell's launches took, which the costs learn from; without costs, what was expected.</summary>
    private double Learnt(in PendingCell pending, string deviceKind, double? launchSeconds)
    {
        if (options.Costs is not { } costs)
        {
            return pending.Seconds;
        }

        if (launchSeconds is { } seconds)
        {
            var cell = source.Required(pending.Index);
            costs.Learn(deviceKind, cell, source.Cost(cell), seconds);
        }

        return launchSeconds ?? 0;
    }

    private void Correct()
    {
        if (options.Costs?.TakeCorrections() is { } byClass)
        {
            frontier.Correct(byClass);
            waiting.Correct(byClass);
            lookedAt.Correct(byClass);
            leases.Correct(byClass);
            crashed.Correct(byClass);
        }
    }
}
