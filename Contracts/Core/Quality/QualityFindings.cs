using Layerbench.Core.Results;

namespace Layerbench.Core.Quality;

/// <summary>What the trials of one variant came to at one learning rate.</summary>
/// <param name="LearningRate">Null where the pass has none.</param>
/// <param name="Mean">Of the metric over trials; null where no trial has a value, or one has neither a value nor a guess to stand for it.</param>
/// <param name="Least">Of the trials' values; null likewise.</param>
/// <param name="Greatest">Of the trials' values; null likewise.</param>
/// <param name="Trials">How many there are, diverged and pruned ones included.</param>
/// <param name="Solved">Of these, stopped early because the metric was reached.</param>
/// <param name="Pruned">Of these, ended at a rung; each counts with the value it had there.</param>
/// <param name="Diverged">Of these, without a value; each counts as guessing.</param>
/// <param name="StepsToSolve">Median over the trials that solved it; null where none did.</param>
/// <param name="Seconds">Median wall time of a trial.</param>
public sealed record RateFindings(
    AxisValue? LearningRate,
    double? Mean,
    double? Least,
    double? Greatest,
    int Trials,
    int Solved,
    int Pruned,
    int Diverged,
    double? StepsToSolve,
    double Seconds
)
{
    /// <summary>Greatest − least.</summary>
    public double? Spread => Greatest - Least;
}

/// <summary>One variant in one group: every learning rate that was tried, and the best of them.</summary>
/// <param name="Rates">By learning rate, ascending.</param>
/// <param name="Best">The greatest mean; among equals the smaller spread, then the smaller rate. Null where no rate has a mean.</param>
public sealed record VariantFindings(string Label, IReadOnlyList<RateFindings> Rates, RateFindings? Best);

/// <summary>The trainings that are compared with each other: those of points that differ in learning rate and trial alone.</summary>
/// <param name="Point">The axes they share, in the sweep's order.</param>
/// <param name="Metric">Name of the headline value, higher is better.</param>
/// <param name="Guess">The metric by guessing; null where the pass tells none.</param>
/// <param name="Variants">In the cells' order.</param>
public sealed record GroupFindings(
    GroupId Id,
    IReadOnlyDictionary<string, AxisValue> Point,
    string Metric,
    double? Guess,
    IReadOnlyList<VariantFindings> Variants
)
{
    /// <summary>What the variant's trials at the cell's learning rate came to; null where it has none.</summary>
    public RateFindings? RateOf(CellResult cell, string label)
    {
        AxisValue? rate = cell.Point.TryGetValue(TrainingGroup.LearningRate, out var value) ? value : null;
        return Of(label)?.Rates.FirstOrDefault(r => r.LearningRate == rate);
    }

    public VariantFindings? Of(string label) =>
        Variants.FirstOrDefault(v => string.Equals(v.Label, label, StringComparison.Ordinal));
}

/// <summary>What a sweep's trainings came to.</summary>
public sealed class QualityFindings
{
    private readonly Dictionary<GroupId, GroupFindings> byId;

    internal QualityFindings(IReadOnlyList<GroupFindings> groups)
    {
        Groups = groups;
        byId = groups.ToDictionary(g => g.Id);
    }

    public IReadOnlyList<GroupFindings> Groups { get; }

    /// <summary>The group of a trained cell; null where the cell was not trained.</summary>
    public GroupFindings? Of(CellResult cell) => byId.GetValueOrDefault(TrainingGroup.Of(cell.Point));

    /// <summary>
    /// What was learnt at a timed cell's point: groups that agree with it in every axis that both have, the pass apart,
    /// and that are the only ones of their pass to do so.
    /// </summary>
    public IReadOnlyList<GroupFindings> Beside(CellResult timed) =>
        [
            .. Groups
                .Where(g =>
                    g.Point.All(a =>
                        a.Key == "pass" || !timed.Point.TryGetValue(a.Key, out var value) || value == a.Value
                    )
                )
                .GroupBy(g => g.Point["pass"])
                .Where(g => g.Count() == 1)
                .Select(g => g.First()),
        ];
}
