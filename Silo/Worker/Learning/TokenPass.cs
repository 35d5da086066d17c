using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>A pass that trains a <see cref="TokenModel"/> with the variant as its mixer on sequences of tokens.</summary>
internal abstract class TokenPass : TrainingPass
{
    protected sealed override LearningTask Begin(TrialDraws draws) =>
        new TokenTask(
            draws,
            new(draws, Vocabulary(draws.Values)),
            (name, count) =>
            {
                using var scope = torch.NewDisposeScope();
                var (tokens, targets) = Sequences(draws, name, count);
                return scope.MoveToOuter(tokens, targets);
            }
        );

    /// <summary>How many different tokens there are.</summary>
    protected virtual long Vocabulary(AxisValues values) => values.Integer("vocabulary");

    /// <param name="name">Of the batch: a step's number, or <c>test</c>.</param>
    /// <returns>
    /// int64 [<paramref name="count"/>, seq_len], targets <see cref="TokenTask.NoTarget"/> where nothing is asked.
    /// Temporaries belong to a scope that the caller has opened.
    /// </returns>
    protected abstract (Tensor Tokens, Tensor Targets) Sequences(TrialDraws draws, string name, long count);

    /// <summary>The first <paramref name="most"/> of 0 … <paramref name="among"/> − 1 in a random order, in each row.</summary>
    protected static Tensor Chosen(TrialDraws draws, string name, long count, long among, long most) =>
        draws.Source.Uniform(name, [count, among]).argsort(-1).narrow(1, 0, most);

    /// <param name="vocabulary">How many different tokens there are, an expression.</param>
    protected static PassInfo Describe(
        string name,
        string summary,
        string steps,
        IReadOnlyList<AxisInfo> axes,
        string guess,
        string vocabulary = "vocabulary"
    ) =>
        Describe(
            name,
            summary,
            learningRate: "0.002",
            steps,
            [new("blocks", "integer", "residual blocks, each with a variant of its own", "2", Minimum: 1), .. axes],
            blocks: "blocks",
            guess,
            // Three times forward: the feed-forward network and the logits.
            stepFlops: $"3*2*batch*seq_len*d_model*(4*blocks*d_model+{vocabulary})",
            // Likewise: some 40 passes over a block's features (two norms, the short convolution, GELU over twice as
            // many, two sums) and 5 over the logits.
            stepBytes: $"3*4*batch*seq_len*(40*blocks*d_model+5*{vocabulary})"
        );
}
