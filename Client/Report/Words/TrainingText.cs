using System.Globalization;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;

namespace Layerbench.Report.Words;

/// <summary>Trainings in words.</summary>
public static class TrainingText
{
    /// <summary><c>mix.attention step 200 of 1000, accuracy 0.87</c></summary>
    public static string Of(EngineEvent.TrainingProgressed progressed)
    {
        var of = progressed.Steps is { } steps ? $" of {Units.Count(steps)}" : "";
        var metric =
            progressed.Metric is { } value ? $", {progressed.MetricName} {Value(value)}"
            : progressed.Loss is { } loss ? $", loss {Value(loss)}"
            : "";
        return $"{progressed.Label} step {Units.Count(progressed.Step)}{of}{metric}";
    }

    /// <summary><c>mix.attention accuracy 0.998 (solved in 240 steps), mix.none accuracy 0.13</c></summary>
    public static string Of(IReadOnlyList<string> labels, IReadOnlyList<Training> trainings) =>
        string.Join(", ", trainings.Select(t => $"{labels[t.Variant]} {Of(t)}"));

    /// <summary><c>accuracy 0.998 (solved in 240 steps)</c></summary>
    public static string Of(Training training) =>
        training.Status switch
        {
            TrainingStatus.Diverged => $"diverged at step {Units.Count(training.Steps)}",
            TrainingStatus.Finished => Metric(training),
            TrainingStatus.Solved => $"{Metric(training)} (solved in {Units.Count(training.Steps, "step")})",
            TrainingStatus.Pruned => $"{Metric(training)} (pruned at step {Units.Count(training.Steps)})",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Three digits behind the point: <c>0.998</c>, <c>1</c>; other sizes with three digits: <c>41.3</c>, <c>1.2e-07</c>.</summary>
    public static string Value(double value)
    {
        var size = Math.Abs(value);
        var format =
            size == 0 || size is >= 0.001 and < 10 ? "0.###"
            : size is >= 10 and < 1e6 ? "0.#"
            : "0.0e+0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Metric(Training training) =>
        training.Value is { } value ? $"{training.Metric} {Value(value)}" : training.Metric;
}
