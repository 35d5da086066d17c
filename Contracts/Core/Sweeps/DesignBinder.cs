namespace Layerbench.Core.Sweeps;

/// <summary>A design as the file has it; null parts could not be read.</summary>
/// <param name="Kind"><c>grid</c>, <c>zip</c>, <c>one_at_a_time</c>, <c>list</c>, <c>random</c>, <c>latin_hypercube</c>; empty where unknown.</param>
internal sealed record DesignDraft(string Kind, string Path, Mark Mark)
{
    public IReadOnlyList<PointDraft> Points { get; init; } = [];

    public PointDraft? Centre { get; init; }

    public long Count { get; init; }

    /// <summary>Axes that the design gives values to.</summary>
    public IEnumerable<string> Names =>
        Points.Concat(Centre is null ? [] : [Centre]).SelectMany(p => p.Values.Keys).Distinct(StringComparer.Ordinal);
}

/// <summary>A point of a list, or a centre.</summary>
internal sealed record PointDraft(
    string Path,
    Mark Mark,
    IReadOnlyDictionary<string, (AxisValue Value, Mark Mark)> Values
);

/// <summary><c>design</c>: reads its form, then settles it against the axes.</summary>
internal static class DesignBinder
{
    /// <summary>Points of a Latin hypercube that repeat are found with a set of all of them, so there is a bound.</summary>
    public const long MostHypercubePoints = 1_000_000;

    public static DesignDraft Read(SpecMap map, SpecErrors errors)
    {
        var path = map.PathOf("design");
        var node = map.Find("design");
        var draft = new DesignDraft("", path, (node ?? map.Find("axes"))?.Mark ?? map.Mark);
        switch (node)
        {
            case null:
                return draft with { Kind = "grid" };
            case SpecNode.Scalar scalar:
                return Plain(draft, scalar, errors);
            case SpecNode.Mapping { Entries.Count: 1 }:
                return SpecMap.Read(node, path, SweepKeys.Designs, errors) is { } forms
                    ? Form(draft, forms, errors)
                    : draft;
            default:
                errors.Add(path, $"{SpecText.Describe(node)} is no design; give one of {AllNames}", node.Mark);
                return draft;
        }
    }

    private static string AllNames =>
        string.Join(", ", SweepKeys.PlainDesigns.Concat(SweepKeys.Designs).Select(k => k.Name));

    private static DesignDraft Plain(DesignDraft draft, SpecNode.Scalar scalar, SpecErrors errors)
    {
        if (SweepKeys.PlainDesigns.Any(k => string.Equals(k.Name, scalar.Text, StringComparison.Ordinal)))
        {
            return draft with { Kind = scalar.Text };
        }

        var example = scalar.Text switch
        {
            "one_at_a_time" => "{one_at_a_time: {centre: {batch: 8}}}",
            "list" => "{list: [{batch: 8, d_model: 64}]}",
            "random" or "latin_hypercube" => $"{{{scalar.Text}: {{count: 100}}}}",
            _ => null,
        };
        errors.Add(
            draft.Path,
            example is null
                ? $"there is no design {SpecText.Describe(scalar)}"
                    + Suggestion.OrList(
                        scalar.Text,
                        [.. SweepKeys.PlainDesigns.Concat(SweepKeys.Designs).Select(k => k.Name)]
                    )
                : $"'{scalar.Text}' needs more than its name; write e.g. 'design: {example}'",
            scalar.Mark
        );
        return draft;
    }

    private static DesignDraft Form(DesignDraft draft, SpecMap forms, SpecErrors errors)
    {
        foreach (var kind in SweepKeys.Designs.Select(k => k.Name))
        {
            if (forms.Find(kind) is not { } node)
            {
                continue;
            }

            var path = forms.PathOf(kind);
            return kind switch
            {
                "list" => Listed(draft, path, node, errors),
                "one_at_a_time" => Centred(draft, path, node, errors),
                _ => Drawn(draft, kind, path, node, errors),
            };
        }

        return draft;
    }

    private static DesignDraft Listed(DesignDraft draft, string path, SpecNode node, SpecErrors errors)
    {
        if (node is not SpecNode.Sequence { Items.Count: > 0 } list)
        {
            errors.Add(
                path,
                $"{SpecText.Describe(node)} is no list of points; give e.g. [{{batch: 8, d_model: 64}}]",
                node.Mark
            );
            return draft;
        }

        var points = list.Items.Select((item, i) => Point(item, $"{path}[{i}]", errors)).ToArray();
        // Points that could be read still tell which axes the list gives.
        return draft with { Kind = points.Contains(null) ? "" : "list", Points = [.. points.OfType<PointDraft>()] };
    }

    private static DesignDraft Centred(DesignDraft draft, string path, SpecNode node, SpecErrors errors)
    {
        var map = SpecMap.Read(node, path, SweepKeys.OneAtATime, errors);
        var given = map?.Require("centre", "add e.g. 'centre: {batch: 8, d_model: 64}'", errors);
        var centre = given is null ? null : Point(given, map!.PathOf("centre"), errors);
        return centre is null ? draft : draft with { Kind = "one_at_a_time", Centre = centre };
    }

    private static DesignDraft Drawn(DesignDraft draft, string kind, string path, SpecNode node, SpecErrors errors)
    {
        var map = SpecMap.Read(node, path, SweepKeys.Count, errors);
        if (map?.Require("count", "add e.g. 'count: 100'", errors) is not { } given)
        {
            return draft;
        }

        var most = kind == "random" ? 1_000_000_000_000 : MostHypercubePoints;
        if (SpecText.Integer(given, 1, most, out var problem) is not { } count)
        {
            errors.Add(map.PathOf("count"), problem, given.Mark);
            return draft;
        }

        return draft with
        {
            Kind = kind,
            Count = count,
        };
    }

    private static PointDraft? Point(SpecNode node, string path, SpecErrors errors)
    {
        if (node is not SpecNode.Mapping { Entries.Count: > 0 } mapping)
        {
            errors.Add(path, $"{SpecText.Describe(node)} is no point; give e.g. {{batch: 8, d_model: 64}}", node.Mark);
            return null;
        }

        var values = new Dictionary<string, (AxisValue, Mark)>(StringComparer.Ordinal);
        var before = errors.Count;
        foreach (var (key, value) in SpecMap.Unique(mapping, path, errors))
        {
            if (PointValue(key.Text, value, out var problem) is { } read)
            {
                values.Add(key.Text, (read, value.Mark));
            }
            else
            {
                errors.Add(SpecText.Join(path, key.Text), problem, value.Mark);
            }
        }

        return errors.Count == before ? new(path, node.Mark, values) : null;
    }

    /// <summary>A value of an axis where one value is meant; <c>threads: all</c> is 0.</summary>
    public static AxisValue? PointValue(string name, SpecNode node, out string problem) =>
        name == "threads" && node is SpecNode.Scalar { Text: "all" } && (problem = "") is not null
            ? AxisValue.Of(0)
            : SpecText.Value(node, out problem);
}
