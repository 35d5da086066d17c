using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary><c>headline</c>: the few comparisons that are judged by Holm.</summary>
internal sealed class HeadlineBinder(SpecErrors errors)
{
    /// <summary>What is named by the dozen is a grid, and judged as one.</summary>
    public const int Most = 20;

    private readonly List<(HeadlineSpec Spec, string Path, Mark Mark)> drafts = [];

    public IReadOnlyList<HeadlineSpec> Read(SpecMap root)
    {
        if (root.Find("headline") is not { } node)
        {
            return [];
        }

        var items = node is SpecNode.Sequence list ? list.Items : [node];
        if (items.Count is 0 or > Most)
        {
            errors.Add("headline", $"has {items.Count} comparisons; name 1 to {Most}", node.Mark);
            return [];
        }

        for (var i = 0; i < items.Count; i++)
        {
            var path = node is SpecNode.Sequence ? $"headline[{i}]" : "headline";
            if (SpecMap.Read(items[i], path, SweepKeys.Headline, errors) is { } map && One(map) is { } spec)
            {
                drafts.Add((spec, path, map.Mark));
            }
        }

        return [.. drafts.Select(d => d.Spec)];
    }

    /// <summary>Labels and axes that the sweep does not have.</summary>
    public void Check(IReadOnlyList<string> labels, string? baseline, IReadOnlyCollection<string> axes)
    {
        foreach (var (spec, path, mark) in drafts)
        {
            if (spec.Variant is { } label && (label == baseline || !labels.Contains(label, StringComparer.Ordinal)))
            {
                string[] others = [.. labels.Where(l => l != baseline)];
                errors.Add(
                    SpecText.Join(path, "variant"),
                    $"'{SpecText.Clip(label)}' is {(label == baseline ? "the baseline" : "the label of no variant")}"
                        + Suggestion.OrList(label, others),
                    mark
                );
            }

            if (spec.Where is { } where)
            {
                ExpressionReader.CheckNames(new(where, SpecText.Join(path, "where"), mark), axes, errors);
            }
        }
    }

    /// <summary>In a plan that is small enough to be tried whole, each must mean some cell.</summary>
    public void Check(SweepSpec spec, VariantCatalog catalog)
    {
        var plan = SweepPlan.Create(spec with { Controls = ControlSpec.None }, catalog);
        if (plan.Points > FirstPoints.WholePlan)
        {
            return;
        }

        var points = Enumerable.Range(0, (int)plan.Points).Select(i => plan.At(i)).OfType<Cell>().ToList();
        foreach (var (headline, path, mark) in drafts.Where(d => !points.Exists(c => d.Spec.Means(Point(c)))))
        {
            errors.Add(
                SpecText.Join(path, "where"),
                $"'{SpecText.Clip(headline.Where!.Text)}' is true of none of the {points.Count} cells; name one that the sweep has",
                mark
            );
        }
    }

    private HeadlineSpec? One(SpecMap map)
    {
        var name = map.Require("name", "add e.g. 'name: large batches'", errors) is { } node ? Name(node, map) : null;
        var where = map.Find("where") is { } condition
            ? ExpressionReader.Read(condition, map.PathOf("where"), errors)
            : null;
        var label = map.Find("variant");
        if (label is not null and not SpecNode.Scalar { Text.Length: > 0 })
        {
            errors.Add(
                map.PathOf("variant"),
                $"{SpecText.Describe(label)} is no label; give that of a variant",
                label.Mark
            );
        }

        return name is null ? null : new(name, where, (label as SpecNode.Scalar)?.Text);
    }

    private string? Name(SpecNode node, SpecMap map)
    {
        var text = (node as SpecNode.Scalar)?.Text.Trim();
        if (text is not { Length: > 0 and <= VariantBinder.LongestLabel } || text.Any(char.IsControl))
        {
            errors.Add(
                map.PathOf("name"),
                $"{SpecText.Describe(node)} is no name; give 1 to {VariantBinder.LongestLabel} printable characters",
                node.Mark
            );
            return null;
        }

        if (drafts.Exists(d => d.Spec.Name == text))
        {
            errors.Add(map.PathOf("name"), $"'{text}' is given twice; give one of them another name", node.Mark);
        }

        return text;
    }

    private static Dictionary<string, AxisValue> Point(Cell cell) =>
        cell.Point.Names.Zip(cell.Point.Values).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
}
