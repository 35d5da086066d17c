using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Quality;

namespace Layerbench.Engine.Simulated;

/// <summary>
/// A cell's trainings, one variant after the other, along a made-up learning curve: from guessing towards a level that
/// falls as the learning rate leaves its best, and to no number at all where it is far above it.
/// </summary>
/// <param name="stepSeconds">Of one optimiser step, by variant.</param>
internal sealed class SimulatedTraining(
    Request.Prepare prepare,
    Request.Train train,
    string metric,
    IReadOnlyList<double> stepSeconds
)
{
    public const double Guess = 0.5;

    /// <summary>The metric at which a training stops early.</summary>
    private const double Solved = 0.995;

    /// <summary>Times the best learning rate, from which on a training diverges.</summary>
    private const double TooFast = 20;

    private const int Evaluations = 20;

    private readonly List<TrainedVariant> done = [];
    private readonly List<IReadOnlyList<double?>> curve = [];
    private long step;
    private double total;

    /// <summary>What the worker says next, and after how long; a rung or the end is the last of it.</summary>
    public IEnumerable<(double Seconds, Reply Reply)> Advance()
    {
        while (done.Count < prepare.Variants.Count)
        {
            var variant = done.Count;
            var parameters = prepare.Variants[variant].Parameters;
            var steps = Math.Max(1, (long)Number(parameters, "steps", 100));
            while (done.Count == variant)
            {
                var next = Next(step, steps);
                var seconds = (next - step) * stepSeconds[variant];
                (step, total) = (next, total + seconds);
                if (Value(variant) is not { } value)
                {
                    End("diverged", null);
                    break;
                }

                curve.Add([step, value]);
                var values = new Dictionary<string, double?>(StringComparer.Ordinal) { [metric] = value };
                yield return (seconds, new Reply.Progress(prepare.Cell, variant, step, values));
                if (value >= Solved || step == steps)
                {
                    End(value >= Solved ? "solved" : "finished", value);
                }
                else if (train.Rungs.Contains(step))
                {
                    yield return (0, new Reply.Rung(prepare.Cell, variant, step, value));
                    yield break;
                }
            }
        }

        yield return (0, new Reply.Trained(prepare.Cell, total, done));
    }

    public void Decide(bool go)
    {
        if (!go)
        {
            End("pruned", Value(done.Count));
        }
    }

    /// <summary>The next step at which something is said.</summary>
    private long Next(long from, long steps)
    {
        var evaluation = Math.Min(steps, from + Math.Max(1, steps / Evaluations));
        return train.Rungs.Where(r => r > from && r < evaluation).Append(evaluation).Min();
    }

    /// <summary>The metric now; null where the loss is no number any more.</summary>
    private double? Value(int variant)
    {
        var parameters = prepare.Variants[variant].Parameters;
        var best = Number(parameters, "best_rate", 0.005);
        var rate = Number(parameters, TrainingGroup.LearningRate, best);
        var steps = Math.Max(1, Number(parameters, "steps", 100));
        if (rate > TooFast * best)
        {
            return null;
        }

        var away = Math.Log10(rate / best);
        var reach = Guess + ((Number(parameters, "skill", 1) - Guess) * Math.Exp(-2 * away * away));
        var learnt = Guess + ((reach - Guess) * (1 - Math.Exp(-8 * step / steps)));
        var noise = SeededRandom.For(
            prepare.Seed,
            "learning",
            prepare.Variants[variant].Label,
            Number(parameters, TrainingGroup.Trial, 1)
        );
        return Math.Clamp(learnt + (0.004 * ((2 * noise.NextDouble()) - 1)), 0, 1);
    }

    private void End(string status, double? value)
    {
        var values = new Dictionary<string, double?>(StringComparer.Ordinal);
        if (value is not null)
        {
            values[metric] = value;
        }

        done.Add(
            new TrainedVariant(
                status,
                step,
                step * stepSeconds[done.Count],
                values,
                new Dictionary<string, IReadOnlyList<IReadOnlyList<double?>>>(StringComparer.Ordinal)
                {
                    [metric] = [.. curve],
                }
            )
        );
        curve.Clear();
        step = 0;
    }

    private static double Number(IReadOnlyDictionary<string, AxisValue> parameters, string name, double otherwise) =>
        parameters.TryGetValue(name, out var value) && value.IsNumber ? value.Number : otherwise;
}
