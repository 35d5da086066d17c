namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    private const int MostErrors = 1024;

    private readonly List<CostError> errors = [];

    /// <summary>How well the cells were expected that have ended since this was asked last; of very many the first.</summary>
    public IReadOnlyList<CostError> TakeCostErrors()
    {
        CostError[] taken = [.. errors];
        errors.Clear();
        return taken;
    }

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
            Note(cell, pending.Seconds * costs.Pace(deviceKind), seconds);
            costs.Learn(deviceKind, cell, source.Cost(cell), seconds);
        }

        return launchSeconds ?? 0;
    }

    private void Note(Cell cell, double expected, double took)
    {
        if (errors.Count < MostErrors && expected > 0 && took > 0)
        {
            var baseline = cell.Variants.First(v => string.Equals(v.Label, cell.Baseline, StringComparison.Ordinal));
            errors.Add(new CostError(baseline.Variant, expected, took));
        }
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

/// <summary>What a launch of a cell was expected to take, and took.</summary>
/// <param name="Variant">The cell's baseline, as the catalogue names it.</param>
/// <param name="Expected">Seconds, over 0.</param>
/// <param name="Took">Seconds, over 0.</param>
public readonly record struct CostError(string Variant, double Expected, double Took);
