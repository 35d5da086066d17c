using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.SweepFiles;

/// <summary><c>match.chosen</c> as a tree.</summary>
internal static class PilotChoices
{
    private static readonly Mark Nowhere = new(0, 0);

    public static SpecNode Put(SpecNode root, IReadOnlyList<MatchChoice> chosen)
    {
        var list = new SpecNode.Sequence([.. chosen.Select(One)], Nowhere);
        return root is SpecNode.Mapping map
            ? map with
            {
                Entries = [.. map.Entries.Select(e => e.Key.Text == "match" ? (e.Key, Whole(e.Value, list)) : e)],
            }
            : root;
    }

    private static SpecNode Whole(SpecNode match, SpecNode chosen)
    {
        var entries = match is SpecNode.Mapping map ? map.Entries : [(Plain("by"), match)];
        return new SpecNode.Mapping(
            [.. entries.Where(e => e.Key.Text != "chosen"), (Plain("chosen"), chosen)],
            match.Mark
        );
    }

    private static SpecNode.Mapping One(MatchChoice choice) =>
        new(
            [
                (Plain("variant"), Text(choice.Label)),
                (
                    Plain("at"),
                    new SpecNode.Mapping([.. choice.At.Select(a => (Plain(a.Key), Value(a.Value)))], Nowhere)
                ),
                (Plain("value"), Plain(choice.Value.ToString(CultureInfo.InvariantCulture))),
                (Plain("ratio"), Plain(choice.Ratio.ToString("0.####", CultureInfo.InvariantCulture))),
            ],
            Nowhere
        );

    private static SpecNode Value(AxisValue value) => value.IsText ? Text(value.Text) : Plain(value.Canonical);

    private static SpecNode.Scalar Plain(string text) => new(text, Quoted: false, Nowhere);

    private static SpecNode.Scalar Text(string text) => new(text, Quoted: true, Nowhere);
}
