using System.Globalization;

namespace Layerbench.Core.Sweeps.Matching;

/// <summary><c>match.chosen</c>: what a pilot chose, as a run has stored it.</summary>
internal static class MatchChoices
{
    public static IReadOnlyList<MatchChoice> Read(SpecMap match, SpecErrors errors)
    {
        if (match.Find("chosen") is not { } node)
        {
            return [];
        }

        if (node is not SpecNode.Sequence list)
        {
            errors.Add(
                match.PathOf("chosen"),
                $"{SpecText.Describe(node)} is no list; leave it to the pilot",
                node.Mark
            );
            return [];
        }

        return
        [
            .. list
                .Items.Select((item, i) => One(item, $"{match.PathOf("chosen")}[{i}]", errors))
                .OfType<MatchChoice>(),
        ];
    }

    private static MatchChoice? One(SpecNode node, string path, SpecErrors errors)
    {
        const string repair = "leave the list to the pilot";
        if (
            SpecMap.Read(node, path, SweepKeys.MatchChoice, errors) is not { } map
            || map.Require("variant", repair, errors) is not { } label
            || map.Require("at", repair, errors) is not { } at
            || map.Require("value", repair, errors) is not { } value
            || map.Require("ratio", repair, errors) is not { } ratio
        )
        {
            return null;
        }

        var point = new Dictionary<string, AxisValue>(StringComparer.Ordinal);
        foreach (var (key, item) in at is SpecNode.Mapping mapping ? SpecMap.Unique(mapping, path, errors) : [])
        {
            if (SpecText.Value(item, out var problem) is { } read)
            {
                point[key.Text] = read;
            }
            else
            {
                errors.Add(SpecText.Join(map.PathOf("at"), key.Text), problem, item.Mark);
            }
        }

        var chosen = SpecText.Integer(value, 1, MatchSearch.Most, out var wrong);
        if (chosen is null)
        {
            errors.Add(map.PathOf("value"), wrong, value.Mark);
        }

        var isNumber = double.TryParse(
            (ratio as SpecNode.Scalar)?.Text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var off
        );
        if (!isNumber || off <= 0)
        {
            errors.Add(map.PathOf("ratio"), $"{SpecText.Describe(ratio)} is no ratio above 0; {repair}", ratio.Mark);
        }

        return chosen is { } n && isNumber && off > 0 && label is SpecNode.Scalar { Text: var name }
            ? new(name, point, n, off)
            : null;
    }
}
