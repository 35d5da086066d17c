using System.Diagnostics;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Learning;

/// <summary>Steps, evaluations, and the rungs at which the engine may end a run; docs/protocol.md has the words.</summary>
internal static class TrainingRun
{
    private const double Solved = 0.995;
    private const long EvaluateEvery = 50;

    /// <summary>
    /// A mean cross-entropy of a million nats is no transient: nothing comes back from there, and Adam, whose steps do
    /// not grow with the gradient, may hover there for long before a number overflows.
    /// </summary>
    private const double DivergedLoss = 1e6;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(0.5);

    public static TrainedVariant Train(LearningTask task, ILearningLine line)
    {
        var training = TimeSpan.Zero;
        var told = Stopwatch.GetTimestamp();
        var accuracies = new List<IReadOnlyList<double?>>();
        var losses = new List<IReadOnlyList<double?>>();
        for (var number = 1L; ; number++)
        {
            var start = Stopwatch.GetTimestamp();
            var loss = task.Step(number);
            training += Stopwatch.GetElapsedTime(start);
            if (HasDiverged(loss))
            {
                return End("diverged", number, []);
            }

            var (last, rung) = (number == task.Steps, line.IsRung(number));
            if (!(last || rung || number % EvaluateEvery == 0))
            {
                if (Stopwatch.GetElapsedTime(told) >= ProgressInterval)
                {
                    line.Tell(number, new Dictionary<string, double?> { ["loss"] = loss });
                    told = Stopwatch.GetTimestamp();
                }

                continue;
            }

            var (accuracy, testLoss) = task.Evaluate();
            if (HasDiverged(testLoss))
            {
                return End("diverged", number, []);
            }

            var values = new Dictionary<string, double?> { ["accuracy"] = accuracy, ["loss"] = testLoss };
            accuracies.Add([number, accuracy]);
            losses.Add([number, testLoss]);
            line.Tell(number, values);
            told = Stopwatch.GetTimestamp();
            if (accuracy >= Solved)
            {
                return End("solved", number, values);
            }

            if (last)
            {
                return End("finished", number, values);
            }

            if (rung && !line.Decide(number, accuracy))
            {
                return End("pruned", number, values);
            }
        }

        TrainedVariant End(string status, long step, Dictionary<string, double?> values) =>
            new(
                status,
                step,
                training.TotalSeconds,
                values,
                new Dictionary<string, IReadOnlyList<IReadOnlyList<double?>>>
                {
                    ["accuracy"] = accuracies,
                    ["loss"] = losses,
                }
            );
    }

    private static bool HasDiverged(double loss) => !(Math.Abs(loss) <= DivergedLoss);
}
