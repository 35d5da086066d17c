using Layerbench.Core.Quality;

namespace Layerbench.Report.Words;

/// <summary>What variants have learnt, in words.</summary>
public static class LearntText
{
    public const string Claim =
        "learnt: mean over trials at the best learning rate [least, greatest]; spreads that overlap show no difference";

    /// <summary><c>0.998 [0.991, 1]</c>, without the range where there is one trial; <c>diverged</c> where no learning rate has a value.</summary>
    public static string Of(VariantFindings variant) =>
        variant.Best is not { Mean: { } mean, Least: { } least, Greatest: { } greatest } best ? "diverged"
        : best.Trials == 1 ? TrainingText.Value(mean)
        : $"{TrainingText.Value(mean)} [{TrainingText.Value(least)}, {TrainingText.Value(greatest)}]";

    /// <summary><c>accuracy at seq_len=64: conv-relu-conv 0.992 [0.98, 1], attention 0.55; guessing gives 0.5.</c></summary>
    /// <param name="axes">By which groups are told apart.</param>
    public static string Sentence(GroupFindings group, IReadOnlyList<string> axes)
    {
        var place = axes.Any(group.Point.ContainsKey) ? $" at {PointText.Of(axes, group.Point)}" : "";
        var learnt = group
            .Variants.OrderByDescending(v => v.Best?.Mean ?? double.NegativeInfinity)
            .Select(v => $"{v.Label} {Of(v)}");
        var guess = group.Guess is { } g ? $"; guessing gives {TrainingText.Value(g)}" : "";
        return $"{group.Metric}{place}: {string.Join(", ", learnt)}{guess}.";
    }
}
