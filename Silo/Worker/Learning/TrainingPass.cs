using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Learning;

/// <summary>A pass that trains the variant in a model on a task and tells the accuracy on held-out data.</summary>
internal abstract class TrainingPass : QualityPass
{
    private const long TestSequences = 512;

    /// <summary>Held-out data is whole batches, as a variant may be made for one size: at least 512 sequences.</summary>
    public static long TestSequencesFor(long batch) => (TestSequences + batch - 1) / batch * batch;

    protected abstract LearningTask Begin(TrialDraws draws);

    protected sealed override TrainedVariant Study(QualityWorkload layer, ILearningLine line)
    {
        using var task = Begin(new(layer));
        return TrainingRun.Train(task, line);
    }

    /// <param name="blocks">How often the variant stands in the model, an expression; the factors are of its part.</param>
    /// <param name="stepFlops">Of a step beside the variant's part, an expression.</param>
    /// <param name="stepBytes">Likewise.</param>
    protected static PassInfo Describe(
        string name,
        string summary,
        string learningRate,
        string steps,
        IReadOnlyList<AxisInfo> axes,
        string blocks,
        string guess,
        string stepFlops,
        string stepBytes
    ) =>
        new(
            name,
            summary,
            [
                new(
                    "learning_rate",
                    "real",
                    "of the optimiser; sweep it, for each variant has its own best",
                    learningRate,
                    Minimum: 0
                ),
                new("trial", "integer", "which of several runs: seeds the first weights and the data", "1", Minimum: 1),
                new(
                    "steps",
                    "integer",
                    "training steps at most; a run that has learnt the task ends before",
                    steps,
                    Minimum: 1
                ),
                .. axes,
            ],
            $"3 * steps * {blocks}",
            $"4 * {blocks}",
            "quality",
            "accuracy",
            guess,
            "steps",
            stepFlops,
            stepBytes
        );
}
