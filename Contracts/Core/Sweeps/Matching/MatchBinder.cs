namespace Layerbench.Core.Sweeps.Matching;

/// <summary><c>match</c>: on what terms variants meet the baseline.</summary>
internal sealed class MatchBinder(
    SpecMap root,
    IReadOnlyList<VariantDraft> variants,
    IReadOnlyList<VariantDraft> likely,
    string? baseline,
    SpecErrors errors
)
{
    public const double LeastWithin = 0.0001;

    public static readonly IReadOnlyList<string> Ways = [.. Enum.GetValues<MatchBy>().Select(MatchSpec.NameOf)];

    /// <summary>Widths and depths that families of variants have, the finest first.</summary>
    private static readonly string[] Usual = ["d_ff", "tokens_ff", "gmlp_ff", "depth"];

    /// <summary>These decide the output's shape, or what the input is: with another the variants would do another job.</summary>
    private static readonly string[] Shape = ["batch", "seq_len", "d_model", "samples"];

    public static IReadOnlyList<VariantDraft> Adjusting(IReadOnlyList<VariantDraft> variants, MatchSpec? match) =>
        match is null
            ? variants
            : [.. variants.Select(v => v with { Adjusts = match.Adjust.GetValueOrDefault(v.Label) })];

    public MatchSpec? Read()
    {
        if (root.Find("match") is not { } node)
        {
            return null;
        }

        var before = errors.Count;
        var read = node is SpecNode.Scalar ? OfWord(node) : OfMapping(node);
        if (read is null || errors.Count == before)
        {
            return read;
        }

        // So that what rests on the mistake (defaults that differ, say) is not complained of as well.
        var adjust = new Dictionary<string, string>(read.Adjust, StringComparer.Ordinal);
        foreach (var variant in Others)
        {
            if (variant.Info?.Axes.FirstOrDefault(a => Counts(variant, read.By, a.Name)) is { } axis)
            {
                adjust.TryAdd(variant.Label, axis.Name);
            }
        }

        return read with
        {
            Adjust = adjust,
        };
    }

    private MatchSpec? OfWord(SpecNode node) => Spec(By(node, "match"), null, node.Mark, MatchSpec.DefaultWithin, []);

    private MatchSpec? OfMapping(SpecNode node)
    {
        if (SpecMap.Read(node, "match", SweepKeys.Match, errors) is not { } map)
        {
            return null;
        }

        var byNode = map.Require("by", "add e.g. 'by: flops'", errors);
        var by = byNode is null ? MatchBy.Flops : By(byNode, map.PathOf("by"));
        var within = MatchSpec.DefaultWithin;
        if (map.Find("within") is { } share)
        {
            if (SpecText.Share(share, LeastWithin, 1, out var problem) is { } read)
            {
                within = read;
            }
            else
            {
                errors.Add(map.PathOf("within"), problem, share.Mark);
            }
        }

        return Spec(by, map.Find("adjust"), node.Mark, within, MatchChoices.Read(map, errors));
    }

    private VariantDraft[] Others =>
        [.. likely.Where(v => !string.Equals(v.Label, baseline, StringComparison.Ordinal))];

    /// <summary>FLOPs where it is nothing known, which is reported.</summary>
    private MatchBy By(SpecNode node, string path)
    {
        var place = Ways.ToList().IndexOf((node as SpecNode.Scalar)?.Text ?? "");
        if (place >= 0)
        {
            return (MatchBy)place;
        }

        errors.Add(
            path,
            $"{SpecText.Describe(node)} is nothing that variants can be equal in; give {string.Join(", ", Ways.SkipLast(1))} or {Ways[^1]}",
            node.Mark
        );
        return MatchBy.Flops;
    }

    private MatchSpec? Spec(MatchBy by, SpecNode? adjust, Mark mark, double within, IReadOnlyList<MatchChoice> chosen)
    {
        var others = Others;
        if (variants.Count > 0 && others.Length == 0)
        {
            errors.Add("match", "there is no other variant than the baseline; add one, or leave 'match' out", mark);
            return null;
        }

        var axes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (adjust is SpecNode.Mapping named)
        {
            foreach (var (key, value) in SpecMap.Unique(named, "match.adjust", errors))
            {
                var path = SpecText.Join("match.adjust", key.Text);
                if (Array.Find(others, v => string.Equals(v.Label, key.Text, StringComparison.Ordinal)) is { } variant)
                {
                    Add(axes, variant, by, (value as SpecNode.Scalar)?.Text ?? "", path, value.Mark);
                }
                else
                {
                    errors.Add(
                        path,
                        $"'{SpecText.Clip(key.Text)}' is the label of no variant that could be adjusted"
                            + Suggestion.OrList(key.Text, [.. others.Select(v => v.Label)]),
                        key.Mark
                    );
                }
            }
        }
        else if (adjust is null or SpecNode.Scalar)
        {
            foreach (var variant in others)
            {
                var axis = (adjust as SpecNode.Scalar)?.Text ?? Usual.FirstOrDefault(name => Counts(variant, by, name));
                // A value of its own is the variant's say on the matter.
                if (variant.Info is not null && (axis is null || !variant.With.ContainsKey(axis)))
                {
                    Add(axes, variant, by, axis, adjust is null ? "match" : "match.adjust", adjust?.Mark ?? mark);
                }
            }
        }
        else
        {
            errors.Add(
                "match.adjust",
                $"{SpecText.Describe(adjust)} names no axis; give one, or a mapping of labels to axes",
                adjust.Mark
            );
        }

        return new(by, axes, within, chosen);
    }

    private void Add(
        Dictionary<string, string> axes,
        VariantDraft variant,
        MatchBy by,
        string? axis,
        string path,
        Mark mark
    )
    {
        if (variant.Info is not { } info)
        {
            return; // of an unknown variant nobody can say what it takes
        }

        string[] able = [.. info.Axes.Select(a => a.Name).Where(name => Counts(variant, by, name))];
        var repair =
            able.Length > 0
                ? $"; give {(able.Length == 1 ? "" : "one of ")}{string.Join(", ", able)}"
                : "; leave it out of the sweep, or name those that are adjusted: 'adjust: {LABEL: AXIS}'";
        if (axis is null)
        {
            errors.Add(path, $"{variant.Label} has no width or depth that its {Words(by)} depend on{repair}", mark);
        }
        else if (Shape.Contains(axis, StringComparer.Ordinal))
        {
            errors.Add(path, $"'{axis}' decides what the variants work on and is never changed{repair}", mark);
        }
        else if (variant.With.ContainsKey(axis))
        {
            errors.Add(path, $"{variant.Label} has '{axis}' in its 'with'; leave out one of them", mark);
        }
        else if (!able.Contains(axis, StringComparer.Ordinal))
        {
            errors.Add(
                path,
                $"{variant.Label} takes no integer '{SpecText.Clip(axis)}' that its {Words(by)} depend on{repair}",
                mark
            );
        }
        else
        {
            axes[variant.Label] = axis;
        }
    }

    /// <summary>Whether the axis is an integer that the work reads and that may be changed.</summary>
    private static bool Counts(VariantDraft variant, MatchBy by, string axis)
    {
        if (
            Shape.Contains(axis, StringComparer.Ordinal)
            || variant.Info?.Axes.Any(a => a.Kind == "integer" && string.Equals(a.Name, axis, StringComparison.Ordinal))
                != true
        )
        {
            return false;
        }

        try
        {
            var work = by == MatchBy.Parameters ? variant.Info.Parameters : variant.Info.ForwardFlops;
            return Expression.Parse(work).Names.Contains(axis, StringComparer.Ordinal);
        }
        catch (ExpressionException)
        {
            return false; // FirstPoints reports the catalogue's mistake
        }
    }

    private static string Words(MatchBy by) => by == MatchBy.Parameters ? "parameters" : "FLOPs";
}
