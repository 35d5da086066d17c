namespace Layerbench.Core.Results;

/// <summary>How a training ended. Each is an answer; none is a failure of the cell.</summary>
public enum TrainingStatus
{
    /// <summary>Every step was done.</summary>
    Finished,

    /// <summary>Stopped early: the metric had reached the pass's threshold.</summary>
    Solved,

    /// <summary>Ended at a rung, because others of its group did better there.</summary>
    Pruned,

    /// <summary>The loss was no number any more.</summary>
    Diverged,
}

/// <summary>One variant, trained once: what it had learnt in the end.</summary>
/// <param name="Variant">Its place in the cell's list of variants.</param>
/// <param name="Metric">Name of the headline value, higher is better.</param>
/// <param name="Guess">The metric by guessing at this point; null where the pass tells none.</param>
/// <param name="Steps">Optimiser steps done.</param>
/// <param name="Duration">Time in training steps, tests and waiting apart; not a measured time in the sense of docs/measurement.md.</param>
/// <param name="Values">Finite values by name.</param>
/// <param name="Series">Curves by name: points (x, y), both finite.</param>
public sealed record Training(
    int Variant,
    TrainingStatus Status,
    string Metric,
    double? Guess,
    long Steps,
    TimeSpan Duration,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Series
)
{
    /// <summary>The headline value; null where the run diverged.</summary>
    public double? Value => Values.TryGetValue(Metric, out var value) ? value : null;

    /// <summary>The status as it is written: <c>finished</c>, <c>solved</c>, <c>pruned</c>, <c>diverged</c>.</summary>
    public string StatusName => Status.ToString().ToLowerInvariant();
}

/// <summary>A point of a curve: accuracy after a number of steps, interaction at a distance.</summary>
public readonly record struct CurvePoint(double X, double Y);
