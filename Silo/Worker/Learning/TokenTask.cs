namespace Layerbench.Worker.Learning;

/// <summary>
/// Training of a <see cref="TokenModel"/>: AdamW (weight decay 0.01), gradients clipped to norm 1, mean cross-entropy
/// over the positions that ask.
/// </summary>
/// <param name="data">
/// From the name of a batch and its size to tokens and targets, int64 [count, seq_len], targets <see cref="NoTarget"/>
/// where nothing is asked.
/// </param>
internal sealed class TokenTask(
    TrialDraws draws,
    TokenModel model,
    Func<string, long, (Tensor Tokens, Tensor Targets)> data
)
    : LearningTask(
        draws,
        clip: 1,
        (parameters, rate) =>
            torch.optim.AdamW(parameters, rate, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01)
    )
{
    public const long NoTarget = -1;

    private readonly long batch = draws.Values.Integer("batch");
    private readonly (Tensor Tokens, Tensor Targets) test = data(
        "test",
        TrainingPass.TestSequencesFor(draws.Values.Integer("batch"))
    );

    protected override Tensor Loss(long step)
    {
        var (tokens, targets) = data($"{step}", batch);
        return MeanLoss(model.Logits(tokens, training: true), targets);
    }

    protected override (double Accuracy, double Loss) Test()
    {
        var (right, asked, loss) = (0L, 0L, 0.0);
        foreach (var (tokens, targets) in test.Tokens.split(batch).Zip(test.Targets.split(batch)))
        {
            var logits = model.Logits(tokens, training: false);
            var of = targets.ne(NoTarget).sum().item<long>();
            // No answer is NoTarget, so that only asked positions can be right.
            right += logits.argmax(-1).eq(targets).sum().item<long>();
            loss += MeanLoss(logits, targets).to(torch.ScalarType.Float64).item<double>() * of;
            asked += of;
        }

        return ((double)right / asked, loss / asked);
    }

    private static Tensor MeanLoss(Tensor logits, Tensor targets) =>
        Functional.cross_entropy(LossTypes.Widened(logits).flatten(0, 1), targets.flatten(), ignore_index: NoTarget);
}
