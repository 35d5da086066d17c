using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>Induction (Olsson et al. 2022, arXiv:2209.11895; as a task: Gu and Dao 2023, arXiv:2312.00752, section 4.1.2).</summary>
internal sealed class Induction : TokenPass
{
    public override PassInfo Info { get; } =
        Describe(
            "induction",
            "Trains a model with the variant as its token mixer to say, at the last token, what stood behind the same token "
                + "when it came before",
            steps: "2000",
            [
                new(
                    "vocabulary",
                    "integer",
                    "tokens: 0 the one that comes twice, the others at random",
                    "16",
                    Minimum: 3
                ),
            ],
            guess: "1 / (vocabulary - 1)"
        );

    protected override void Check(AxisValues values)
    {
        var length = values.Integer("seq_len");
        Require(length >= 3, $"seq_len: is {length}; give at least 3: twice the token and what is between");
    }

    protected override (Tensor Tokens, Tensor Targets) Sequences(TrialDraws draws, string name, long count)
    {
        var (length, vocabulary) = (draws.Values.Integer("seq_len"), draws.Values.Integer("vocabulary"));
        var tokens = Below(draws, $"tokens@{name}", [count, length], vocabulary - 1).add(1);
        var place = Below(draws, $"place@{name}", [count, 1], length - 2);
        tokens.scatter_(1, place, torch.zeros_like(place));
        tokens.narrow(1, length - 1, 1).zero_();
        var targets = torch.full_like(tokens, TokenTask.NoTarget);
        targets.narrow(1, length - 1, 1).copy_(tokens.gather(1, place.add(1)));
        return (tokens, targets);
    }

    /// <summary>Random integers from 0 to <paramref name="most"/> − 1. The generator's largest number is 1 − 2⁻³³.</summary>
    private static Tensor Below(TrialDraws draws, string name, long[] shape, long most) =>
        draws.Source.Uniform(name, shape).mul(most).to(torch.ScalarType.Int64);
}
