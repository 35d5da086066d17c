using Layerbench.Cli.Sweeping;

namespace Layerbench.Cli.Views;

/// <summary>What variants learnt in two runs, as rows of a table: each run's mean at its best learning rate.</summary>
internal sealed class ComparedLearntView(IReadOnlyList<LearntTwice> learnt)
{
    private readonly AxisUse axes = Axes(learnt);

    public IEnumerable<string> Headers =>
        [.. axes.Varying, "variant", "learnt in A", "at rate", "learnt in B", "at rate"];

    public IEnumerable<IEnumerable<string>> Rows => learnt.Select(Row);

    private IEnumerable<string> Row(LearntTwice pair) =>
        [
            .. axes.Varying.Select(a =>
                PointText.Value(a, pair.Group.Point.TryGetValue(a, out var value) ? value : null)
            ),
            pair.Before.Label,
            $"{pair.Group.Metric} {LearntText.Of(pair.Before)}",
            pair.Before.Best?.LearningRate?.Canonical ?? "–",
            $"{pair.Group.Metric} {LearntText.Of(pair.After)}",
            pair.After.Best?.LearningRate?.Canonical ?? "–",
        ];

    private static AxisUse Axes(IReadOnlyList<LearntTwice> learnt)
    {
        var use = new AxisUse();
        foreach (var pair in learnt)
        {
            use.See(pair.Group.Point);
        }

        return use;
    }
}
