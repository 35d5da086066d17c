using Layerbench.Core.Catalog;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Learning;

/// <summary>Selective copying (Gu and Dao 2023, arXiv:2312.00752, section 4.1.1): write down the tokens that matter, in order.</summary>
internal sealed class SelectiveCopy : TokenPass
{
    // Beside these: 0, a blank.
    private const long Ask = 1;
    private const long FirstItem = 2;

    public override PassInfo Info { get; } =
        Describe(
            "selective_copy",
            "Trains a model with the variant as its token mixer to copy `items` tokens that stand anywhere among blanks, in "
                + "their order, at the end of the sequence",
            steps: "1000",
            [
                new("items", "integer", "tokens to copy; at most half of seq_len", "4", Minimum: 1),
                new("vocabulary", "integer", "tokens: 0 a blank, 1 asks, the others are copied", "16", Minimum: 4),
            ],
            guess: "1 / items"
        );

    protected override void Check(AxisValues values)
    {
        var (items, length) = (values.Integer("items"), values.Integer("seq_len"));
        var vocabulary = values.Integer("vocabulary");
        Require(
            2 * items <= length,
            $"items: are {items} in sequences of {length} tokens; give at most seq_len / 2, for each stands there twice"
        );
        Require(
            items <= vocabulary - FirstItem,
            $"items: are {items} of a vocabulary of {vocabulary}; give at most vocabulary - 2, for no two are the same"
        );
    }

    /// <summary>The items of a sequence are different ones, so that naming any of them at random is right once in <c>items</c>.</summary>
    protected override (Tensor Tokens, Tensor Targets) Sequences(TrialDraws draws, string name, long count)
    {
        var (items, length) = (draws.Values.Integer("items"), draws.Values.Integer("seq_len"));
        var body = length - items;
        var symbols = draws.Values.Integer("vocabulary") - FirstItem;
        var chosen = Chosen(draws, $"items@{name}", count, symbols, items).add(FirstItem);
        var (places, _) = Chosen(draws, $"places@{name}", count, body, items).sort();
        var tokens = torch.zeros([count, length], torch.ScalarType.Int64, chosen.device).scatter_(1, places, chosen);
        tokens.narrow(1, body, items).fill_(Ask);
        var targets = torch.full_like(tokens, TokenTask.NoTarget);
        targets.narrow(1, body, items).copy_(chosen);
        return (tokens, targets);
    }
}
