using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>A variant as the file has it; <paramref name="Info"/> is null where the catalogue has no such variant.</summary>
internal sealed record VariantDraft(
    string Label,
    string Variant,
    VariantInfo? Info,
    IReadOnlyDictionary<string, BoundExpression> With,
    string Path,
    Mark Mark
)
{
    /// <summary>The axis that <c>match</c> chooses for it, or null.</summary>
    public string? Adjusts { get; init; }

    /// <summary>Whether the variant has a value of its own for this parameter, so that the point's is not read.</summary>
    public bool Gives(string name) => With.ContainsKey(name) || string.Equals(Adjusts, name, StringComparison.Ordinal);

    public VariantSpec ToSpec() =>
        new(Label, Variant, With.ToDictionary(w => w.Key, w => w.Value.Expression, StringComparer.Ordinal));
}

/// <summary>An expression and where it stands.</summary>
internal sealed record BoundExpression(Expression Expression, string Path, Mark Mark);

/// <summary><c>variants</c> and <c>baseline</c>.</summary>
internal static class VariantBinder
{
    /// <summary>A label is a column heading and a legend; longer ones break tables.</summary>
    public const int LongestLabel = 64;

    public const int MostVariants = 100;

    public static IReadOnlyList<VariantDraft> Read(SpecMap map, VariantCatalog catalog, SpecErrors errors)
    {
        var node = map.Require("variants", $"add e.g. 'variants: [{Example(catalog)}]'", errors);
        if (node is null)
        {
            return [];
        }

        var path = map.PathOf("variants");
        IReadOnlyList<SpecNode> items = node switch
        {
            SpecNode.Sequence list => list.Items,
            _ when SpecText.IsNull(node) => [],
            _ => [node],
        };
        if (items.Count is 0 or > MostVariants)
        {
            errors.Add(path, $"has {items.Count} variants; give 1 to {MostVariants}", node.Mark);
            return [];
        }

        var drafts = new List<VariantDraft>();
        for (var i = 0; i < items.Count; i++)
        {
            var at = node is SpecNode.Sequence ? $"{path}[{i}]" : path;
            if (ReadOne(items[i], at, catalog, errors) is not { } draft)
            {
                continue;
            }

            if (draft.Label.StartsWith(Controls.Prefix, StringComparison.Ordinal))
            {
                errors.Add(
                    draft.Path,
                    $"the label '{draft.Label}' begins with '{Controls.Prefix}', which marks controls; give another 'label'",
                    draft.Mark
                );
                continue;
            }

            if (drafts.Find(d => string.Equals(d.Label, draft.Label, StringComparison.Ordinal)) is { } twin)
            {
                errors.Add(
                    draft.Path,
                    $"the label '{draft.Label}' is that of {twin.Path} too; give one of them another 'label'",
                    draft.Mark
                );
                continue;
            }

            drafts.Add(draft);
        }

        return drafts;
    }

    /// <param name="likely">The variants with unknown names put right, so that a right baseline is not complained of.</param>
    public static string? Baseline(
        SpecMap map,
        IReadOnlyList<VariantDraft> variants,
        IReadOnlyList<VariantDraft> likely,
        SpecErrors errors
    )
    {
        var node = map.Find("baseline");
        if (node is null)
        {
            return variants is [var first, ..] ? first.Label : null;
        }

        var labels = likely.Select(v => v.Label).ToArray();
        var text = (node as SpecNode.Scalar)?.Text;
        if (text is not null && labels.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        var repair = labels.Length == 0 ? "; give the label of one" : Suggestion.OrList(text ?? "", labels);
        errors.Add(map.PathOf("baseline"), $"{SpecText.Describe(node)} is the label of no variant{repair}", node.Mark);
        return null;
    }

    private static VariantDraft? ReadOne(SpecNode node, string path, VariantCatalog catalog, SpecErrors errors)
    {
        if (node is SpecNode.Scalar)
        {
            return Name(node, path, catalog, errors) is var (name, info)
                ? new(name, name, info, new Dictionary<string, BoundExpression>(), path, node.Mark)
                : null;
        }

        if (SpecMap.Read(node, path, SweepKeys.Variant, errors) is not { } map)
        {
            return null;
        }

        var nameNode = map.Require("variant", $"add e.g. 'variant: {Example(catalog)}'", errors);
        (string Name, VariantInfo? Info)? named = nameNode is null
            ? null
            : Name(nameNode, map.PathOf("variant"), catalog, errors);
        var label = Label(map, errors) ?? named?.Name;
        var with = With(map, named?.Info, catalog, errors);
        return label is null || named is null
            ? null
            : new(label, named.Value.Name, named.Value.Info, with, path, node.Mark);
    }

    private static (string Name, VariantInfo? Info)? Name(
        SpecNode node,
        string path,
        VariantCatalog catalog,
        SpecErrors errors
    )
    {
        if (node is not SpecNode.Scalar { Text.Length: > 0 } scalar)
        {
            errors.Add(
                path,
                $"{SpecText.Describe(node)} is no variant; give a name, e.g. {Example(catalog)}",
                node.Mark
            );
            return null;
        }

        var info = catalog.FindVariant(scalar.Text);
        if (info is not null)
        {
            return (scalar.Text, info);
        }

        var names = catalog.Variants.Select(v => v.Name).ToArray();
        errors.Add(
            path,
            $"there is no variant '{SpecText.Clip(scalar.Text)}'"
                + (
                    names.Length == 0
                        ? "; no backend was found (`layerbench doctor` says why)"
                        : Suggestion.OrList(scalar.Text, names)
                ),
            node.Mark
        );
        return (scalar.Text, null);
    }

    private static string? Label(SpecMap map, SpecErrors errors)
    {
        if (map.Find("label") is not { } node)
        {
            return null;
        }

        if (
            node is SpecNode.Scalar { Text: { Length: > 0 and <= LongestLabel } text }
            && !text.Any(char.IsControl)
            && text.Trim().Length == text.Length
        )
        {
            return text;
        }

        errors.Add(
            map.PathOf("label"),
            $"{SpecText.Describe(node)} is no label; give 1 to {LongestLabel} printable characters",
            node.Mark
        );
        return null;
    }

    private static Dictionary<string, BoundExpression> With(
        SpecMap map,
        VariantInfo? info,
        VariantCatalog catalog,
        SpecErrors errors
    )
    {
        var with = new Dictionary<string, BoundExpression>(StringComparer.Ordinal);
        if (map.Find("with") is not { } node)
        {
            return with;
        }

        var path = map.PathOf("with");
        if (node is not SpecNode.Mapping mapping)
        {
            errors.Add(
                path,
                $"{SpecText.Describe(node)} is no mapping; write e.g. 'with: {{d_ff: 8*d_model}}'",
                node.Mark
            );
            return with;
        }

        foreach (var (key, value) in SpecMap.Unique(mapping, path, errors))
        {
            var at = SpecText.Join(path, key.Text);
            var axis = (info?.Axes ?? [])
                .Concat(catalog.Passes.SelectMany(p => p.Axes))
                .FirstOrDefault(a => string.Equals(a.Name, key.Text, StringComparison.Ordinal));
            // A value of a text parameter stands for itself, not for an axis of that name.
            var literal =
                value is SpecNode.Scalar s && axis?.Values?.Contains(s.Text, StringComparer.Ordinal) == true
                    ? s with
                    {
                        Text = $"'{s.Text}'",
                    }
                    : value;
            if (ExpressionReader.Read(literal, at, errors) is { } expression)
            {
                with.Add(key.Text, new(expression, at, value.Mark));
            }
        }

        return with;
    }

    private static string Example(VariantCatalog catalog) =>
        catalog.Variants is [var first, ..] ? first.Name : "ffn.dense";
}
