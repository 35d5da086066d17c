using System.Globalization;
using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// A sweep file's tree, held to the catalogue: a spec, or every error at once. Nothing that is wrong hides anything
/// else, except that what rests on a wrong value is not complained of a second time.
/// </summary>
public static class SweepBinder
{
    /// <summary>Points that a design may have where <c>limits: {cells: …}</c> does not say otherwise.</summary>
    public const long DefaultLimit = 10_000_000;

    private const long LargestLimit = 1_000_000_000_000;

    /// <summary>What a sweep's name may be: it is part of file names and of addresses.</summary>
    public const string NameRule = "use 1 to 64 of A-Z a-z 0-9 . _ -, e.g. 'my-sweep'";

    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public static SpecResult Bind(SpecNode root, VariantCatalog catalog)
    {
        var errors = new SpecErrors();
        if (SpecMap.Read(root, "", SweepKeys.Root, errors) is not { } map)
        {
            return new(null, errors.InOrder());
        }

        var name = Name(map, errors);
        var question = Question(map, errors);
        var seed = Seed(map, errors);
        var limit = Limit(map, errors);
        var plugIns = PlugInBinder.Read(map, errors);
        var variants = VariantBinder.Read(map, catalog, errors);
        // What an unknown variant takes is guessed from the one that was probably meant.
        IReadOnlyList<VariantDraft> likely = [.. variants.Select(v => Likely(catalog, v))];
        var baseline = VariantBinder.Baseline(map, variants, likely, errors);
        var match = new MatchBinder(map, variants, likely, baseline, errors).Read();
        (variants, likely) = (MatchBinder.Adjusting(variants, match), MatchBinder.Adjusting(likely, match));
        var choiceBinder = new ChoiceBinder(map, catalog, errors);
        var choices = choiceBinder.Read(variants);
        var parameters = Parameters(catalog, variants, likely, choices, choiceBinder.PassesKnown);
        var designDraft = DesignBinder.Read(map, errors);
        var conditions = new ConditionBinder(errors).Read(map);
        var axes = Axes(map, choices, parameters, designDraft, errors);
        var completion = new AxisCompletion(parameters, variants, conditions, errors);
        axes = completion.WithDefaults(axes, map.Find("axes")?.Mark ?? map.Mark);
        completion.Check(axes);
        var design = new DesignCheck(designDraft, axes, parameters, errors).Settle();
        var measure = new MeasureBinder(errors).Read(map);
        var controls = ControlBinder.Read(map, errors);
        var headlineBinder = new HeadlineBinder(errors);
        var headlines = headlineBinder.Read(map);
        headlineBinder.Check([.. likely.Select(v => v.Label)], baseline, [.. axes.Select(a => a.Name)]);
        var devices = DeviceBinder.Read(map, errors);
        var cluster = new ClusterBinder(errors).Read(map);
        var broken = axes.Any(a => a.Values is null && a.Expression is null);
        if (!broken && design is not null)
        {
            DesignCheck.CheckSize(design, designDraft, [.. axes.Select(a => a.ToSpec())], limit, errors);
        }

        if (errors.Count > 0 || broken || design is null || name is null || baseline is null)
        {
            return new(null, errors.InOrder());
        }

        var spec = new SweepSpec
        {
            Name = name,
            Question = question,
            PlugIns = plugIns,
            Variants = [.. variants.Select(v => v.ToSpec())],
            Baseline = baseline,
            Axes = [.. axes.Select(a => a.ToSpec())],
            Design = design,
            Conditions = [.. conditions.Select(c => c.Expression)],
            Match = match,
            Measure = measure,
            Controls = controls,
            Headlines = headlines,
            Devices = devices,
            Cluster = cluster,
            Seed = seed,
        };
        var sources = axes.Select(a => a.Expression).OfType<BoundExpression>().Concat(conditions).ToArray();
        new FirstPoints(spec, catalog, sources, errors).Check(map);
        if (errors.Count == 0 && headlines.Count > 0)
        {
            headlineBinder.Check(spec, catalog);
        }

        return errors.Count == 0 ? new(spec, []) : new(null, errors.InOrder());
    }

    /// <summary>How cells are measured, which needs no catalogue; what is wrong with it has its default.</summary>
    public static MeasureSpec MeasureOf(SpecNode root)
    {
        var errors = new SpecErrors();
        return SpecMap.Read(root, "", SweepKeys.Root, errors) is { } map ? new MeasureBinder(errors).Read(map) : new();
    }

    /// <summary>The sweep's controls, likewise.</summary>
    public static ControlSpec ControlsOf(SpecNode root)
    {
        var errors = new SpecErrors();
        return SpecMap.Read(root, "", SweepKeys.Root, errors) is { } map ? ControlBinder.Read(map, errors) : new();
    }

    /// <summary>The files that variants are from; needed before there is a catalogue that has them. What is wrong is left out.</summary>
    public static IReadOnlyList<PlugIn> PlugInsOf(SpecNode root)
    {
        var errors = new SpecErrors();
        return SpecMap.Read(root, "", SweepKeys.Root, errors) is { } map ? PlugInBinder.Read(map, errors) : [];
    }

    /// <summary>The comparisons that a sweep names, which needs no catalogue; one that cannot be read is left out.</summary>
    public static IReadOnlyList<HeadlineSpec> HeadlinesOf(SpecNode root)
    {
        var errors = new SpecErrors();
        return SpecMap.Read(root, "", SweepKeys.Root, errors) is { } map ? new HeadlineBinder(errors).Read(map) : [];
    }

    /// <summary>What the sweep asks, in its author's words; null where the file does not say.</summary>
    public static string? QuestionOf(SpecNode root)
    {
        var errors = new SpecErrors();
        return SpecMap.Read(root, "", SweepKeys.Root, errors) is { } map ? Question(map, errors) : null;
    }

    /// <summary>The axes to which the file gives values, in its order; what it computes from them is not among them.</summary>
    public static IReadOnlyList<string> ListedAxesOf(SpecNode root) => ListedAxes.Of(root);

    /// <summary>Of these, the ones that can tell points apart: a list of one value does not.</summary>
    public static IReadOnlyList<string> VaryingAxesOf(SpecNode root) => ListedAxes.Of(root, least: 2);

    private static ParameterSet Parameters(
        VariantCatalog catalog,
        IReadOnlyList<VariantDraft> variants,
        IReadOnlyList<VariantDraft> likely,
        IReadOnlyList<AxisDraft> choices,
        bool passesKnown
    )
    {
        var passes = choices[0].Values?.Select(v => catalog.FindPass(v.Text)!).ToArray() ?? [];
        // What an unknown variant takes is guessed from the one that was probably meant.
        return new(
            catalog,
            likely,
            passes,
            whole: passesKnown && variants.Count > 0 && variants.All(v => v.Info is not null)
        );
    }

    private static VariantDraft Likely(VariantCatalog catalog, VariantDraft draft)
    {
        var close = draft.Info is null ? Suggestion.Closest(draft.Variant, catalog.Variants.Select(v => v.Name)) : null;
        return close is null
            ? draft
            : draft with
            {
                Variant = close,
                Info = catalog.FindVariant(close),
                Label = draft.Label == draft.Variant ? close : draft.Label,
            };
    }

    private static IReadOnlyList<AxisDraft> Axes(
        SpecMap map,
        IReadOnlyList<AxisDraft> choices,
        ParameterSet parameters,
        DesignDraft design,
        SpecErrors errors
    )
    {
        var node = map.Find("axes");
        var inFile = node is SpecNode.Mapping m ? m.Entries.Select(e => e.Key.Text) : [];
        string[] known = [.. ChoiceBinder.Reserved, .. inFile, .. parameters.Names, .. design.Names];
        var axes = choices.Concat(new AxisBinder(parameters, known, errors).Read(node)).ToList();
        var points = design.Centre is null ? design.Points : [design.Centre];
        foreach (var name in design.Names)
        {
            var values = points.Where(p => p.Values.ContainsKey(name)).Select(p => p.Values[name]).ToArray();
            var listed = values.Select(v => v.Value).Distinct().ToArray();
            var at = axes.FindIndex(a => string.Equals(a.Name, name, StringComparison.Ordinal));
            if (at < 0 && parameters.Takes(name))
            {
                axes.Add(new($"{name}", SpecText.Join(points[0].Path, name), values[0].Mark) { Values = listed });
            }
            else if (at >= 0 && design.Kind == "list" && axes[at].Values is not null && values.Length == points.Count)
            {
                axes[at] = axes[at] with { Values = ChoiceBinder.IsReserved(name) ? axes[at].Values : listed };
            }
        }

        return axes;
    }

    private static string? Name(SpecMap map, SpecErrors errors)
    {
        if (map.Require("name", "add e.g. 'name: my-sweep'", errors) is not { } node)
        {
            return null;
        }

        if (node is SpecNode.Scalar { Text: var text } && IsName(text))
        {
            return text;
        }

        errors.Add("name", $"{SpecText.Describe(node)} is no name; {NameRule}", node.Mark);
        return null;
    }

    private static string? Question(SpecMap map, SpecErrors errors)
    {
        switch (map.Find("question"))
        {
            case null:
                return null;
            case SpecNode.Scalar { Text.Length: > 0 and <= 1000 } scalar:
                return scalar.Text.Trim();
            case var node:
                errors.Add(
                    "question",
                    $"{SpecText.Describe(node)} is no question; write a text of at most 1000 characters",
                    node.Mark
                );
                return null;
        }
    }

    private static ulong Seed(SpecMap map, SpecErrors errors)
    {
        if (map.Find("seed") is not { } node)
        {
            return 1;
        }

        if (
            node is SpecNode.Scalar { Quoted: false } scalar
            && ulong.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        )
        {
            return seed;
        }

        errors.Add(
            "seed",
            $"{SpecText.Describe(node)} is no seed; give an integer from 0 to {ulong.MaxValue}",
            node.Mark
        );
        return 1;
    }

    private static long Limit(SpecMap map, SpecErrors errors)
    {
        var limits = map.Find("limits") is { } node ? SpecMap.Read(node, "limits", SweepKeys.Limits, errors) : null;
        if (limits?.Find("cells") is not { } cells)
        {
            return DefaultLimit;
        }

        var limit = SpecText.Integer(cells, 1, LargestLimit, out var problem);
        if (limit is null)
        {
            errors.Add("limits.cells", problem, cells.Mark);
        }

        return limit ?? LargestLimit;
    }
}
