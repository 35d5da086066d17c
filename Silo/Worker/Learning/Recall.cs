using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>Multi-query associative recall (Arora et al. 2023, arXiv:2312.04927): what stood behind this key?</summary>
internal sealed class Recall : TokenPass
{
    public override PassInfo Info { get; } =
        Describe(
            "recall",
            "Trains a model with the variant as its token mixer on multi-query associative recall: pairs of key and value, "
                + "then each key once more, at which its value is asked for",
            steps: "1000",
            [
                new(
                    "pairs",
                    "integer",
                    "pairs of key and value; 3 times as many tokens must fit into seq_len",
                    "4",
                    Minimum: 1
                ),
                new(
                    "vocabulary",
                    "integer",
                    "tokens: 0 for none, the lower half keys, the upper half values",
                    "32",
                    Minimum: 4
                ),
            ],
            guess: "1 / pairs"
        );

    protected override void Check(AxisValues values)
    {
        var (pairs, length) = (values.Integer("pairs"), values.Integer("seq_len"));
        var vocabulary = values.Integer("vocabulary");
        Require(
            3 * pairs <= length,
            $"pairs: are {pairs} in sequences of {length} tokens; give at most seq_len / 3, for each key stands there twice"
        );
        Require(
            pairs < vocabulary / 2,
            $"pairs: are {pairs} of a vocabulary of {vocabulary}; give at most {(vocabulary / 2) - 1}, for no key stands for two"
        );
    }

    /// <summary>
    /// Keys 1 to V/2 − 1 and values V/2 to V − 1 of a sequence are different ones; the queries stand anywhere behind the
    /// pairs, token 0 between them.
    /// </summary>
    protected override (Tensor Tokens, Tensor Targets) Sequences(TrialDraws draws, string name, long count)
    {
        var (pairs, length) = (draws.Values.Integer("pairs"), draws.Values.Integer("seq_len"));
        var vocabulary = draws.Values.Integer("vocabulary");
        var half = vocabulary / 2;
        var keys = Chosen(draws, $"keys@{name}", count, half - 1, pairs).add(1);
        var values = Chosen(draws, $"values@{name}", count, vocabulary - half, pairs).add(half);
        var places = Chosen(draws, $"places@{name}", count, length - (2 * pairs), pairs).add(2 * pairs);
        var front = torch.stack([keys, values], -1).flatten(1);
        var rest = torch.zeros([count, length - (2 * pairs)], torch.ScalarType.Int64, keys.device);
        var tokens = torch.cat([front, rest], 1).scatter_(1, places, keys);
        var targets = torch.full_like(tokens, TokenTask.NoTarget).scatter_(1, places, values);
        return (tokens, targets);
    }
}
