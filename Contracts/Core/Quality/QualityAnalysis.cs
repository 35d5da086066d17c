using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Quality;

/// <summary>
/// From stored trainings to what each variant learnt at its best learning rate, with the spread over trials. Descriptive:
/// no test is made, and a difference within the spreads is none. The order in which cells are seen changes nothing.
/// </summary>
public sealed class QualityAnalysis
{
    private readonly Dictionary<GroupId, Group> groups = [];

    /// <param name="launches">The cell's that are not superseded; those that are no trainings are passed over.</param>
    public void See(CellResult cell, IReadOnlyList<LaunchRecord> launches)
    {
        var trainings = launches.SelectMany(l => l.Trainings).Where(t => t.Variant < cell.Labels.Count).ToList();
        if (trainings.Count == 0)
        {
            return;
        }

        var id = TrainingGroup.Of(cell.Point);
        if (!groups.TryGetValue(id, out var group))
        {
            groups[id] = group = new Group(id, cell);
        }

        group.See(cell, trainings);
    }

    /// <summary>By the place of their first cell in the plan.</summary>
    public QualityFindings Conclude() => new([.. groups.Values.OrderBy(g => g.First).Select(g => g.Conclude())]);

    private sealed class Group(GroupId id, CellResult first)
    {
        private readonly List<(CellResult Cell, Training Training)> seen = [];

        public long First { get; private set; } = first.Index;

        public void See(CellResult cell, List<Training> trainings)
        {
            First = Math.Min(First, cell.Index);
            seen.AddRange(trainings.Select(t => (cell, t)));
        }

        public GroupFindings Conclude()
        {
            // By place in the plan, so that sums are the same whatever order the store is read in.
            var runs = seen.OrderBy(s => s.Cell.Index).ThenBy(s => s.Training.Variant).ToList();
            return new GroupFindings(
                id,
                TrainingGroup.PointOf(runs[0].Cell.Point),
                runs[0].Training.Metric,
                runs[0].Training.Guess,
                [
                    .. runs.GroupBy(r => r.Cell.Labels[r.Training.Variant], StringComparer.Ordinal)
                        .Select(v => Variant(v.Key, v)),
                ]
            );
        }

        private static VariantFindings Variant(string label, IEnumerable<(CellResult Cell, Training Training)> runs)
        {
            List<RateFindings> rates =
            [
                .. runs.GroupBy(r => RateOf(r.Cell))
                    .OrderBy(g => Number(g.Key))
                    .Select(g => Rate(g.Key, [.. g.Select(r => r.Training)])),
            ];
            var best = rates
                .Where(r => r.Mean is not null)
                .OrderByDescending(r => r.Mean)
                .ThenBy(r => r.Spread)
                .ThenBy(r => Number(r.LearningRate))
                .FirstOrDefault();
            return new VariantFindings(label, rates, best);
        }

        private static RateFindings Rate(AxisValue? rate, IReadOnlyList<Training> trials)
        {
            // A model that diverged knows no more than one that guesses.
            double?[] values = [.. trials.Select(t => t.Value ?? t.Guess)];
            var whole = Array.TrueForAll(values, v => v is not null) && trials.Any(t => t.Value is not null);
            double[] solved = [.. trials.Where(t => t.Status == TrainingStatus.Solved).Select(t => (double)t.Steps)];
            return new RateFindings(
                rate,
                whole ? values.Average() : null,
                whole ? values.Min() : null,
                whole ? values.Max() : null,
                trials.Count,
                solved.Length,
                trials.Count(t => t.Status == TrainingStatus.Pruned),
                trials.Count(t => t.Status == TrainingStatus.Diverged),
                solved.Length == 0 ? null : Quantiles.Median(solved),
                Quantiles.Median([.. trials.Select(t => t.Duration.TotalSeconds)])
            );
        }

        private static AxisValue? RateOf(CellResult cell) =>
            cell.Point.TryGetValue(TrainingGroup.LearningRate, out var rate) ? rate : null;

        private static double Number(AxisValue? rate) =>
            rate is { IsNumber: true } r ? r.Number : double.NegativeInfinity;
    }
}
