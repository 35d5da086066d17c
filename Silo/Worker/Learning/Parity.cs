using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>k-way parity: an interaction of exactly <c>ways</c> tokens, of which no part tells anything.</summary>
internal sealed class Parity : TokenPass
{
    public override PassInfo Info { get; } =
        Describe(
            "parity",
            "Trains a model with the variant as its token mixer on the parity of `ways` random bits, each `distance` before "
                + "the next, asked for at every token that has them: interaction of `ways` tokens and no fewer",
            steps: "1000",
            [
                new("ways", "integer", "bits whose parity is asked for", "3", Minimum: 2),
                new(
                    "distance",
                    "integer",
                    "tokens from one of them to the next; (ways - 1) * distance is less than seq_len",
                    "5",
                    Minimum: 1
                ),
            ],
            guess: "0.5",
            vocabulary: "2"
        );

    protected override void Check(AxisValues values)
    {
        var (ways, length, reach) = (values.Integer("ways"), values.Integer("seq_len"), Reach(values));
        Require(
            reach < length,
            $"ways: is {ways}, which reaches {reach} tokens back in {length}; give (ways - 1) * distance < seq_len"
        );
    }

    protected override long Vocabulary(AxisValues values) => 2;

    protected override (Tensor Tokens, Tensor Targets) Sequences(TrialDraws draws, string name, long count)
    {
        var (length, distance) = (draws.Values.Integer("seq_len"), draws.Values.Integer("distance"));
        var reach = Reach(draws.Values);
        var asked = length - reach;
        var bits = draws.Source.Uniform($"bits@{name}", [count, length]).lt(0.5).to(torch.ScalarType.Int64);
        var sum = torch.zeros_like(bits.narrow(1, 0, asked));
        for (var first = 0L; first <= reach; first += distance)
        {
            sum.add_(bits.narrow(1, first, asked));
        }

        var targets = torch.full_like(bits, TokenTask.NoTarget);
        targets.narrow(1, reach, asked).copy_(sum.remainder(2));
        return (bits, targets);
    }

    /// <summary>From the first of the bits to the last.</summary>
    private static long Reach(AxisValues values) => (values.Integer("ways") - 1) * values.Integer("distance");
}
