using System.Globalization;
using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>What the chosen variants and passes take, by parameter.</summary>
internal sealed class ParameterSet
{
    private readonly Dictionary<string, List<Need>> needs = new(StringComparer.Ordinal);
    private readonly VariantCatalog catalog;

    /// <param name="whole">False: a variant or a pass is not known, so nobody can say what it takes.</param>
    public ParameterSet(
        VariantCatalog catalog,
        IReadOnlyList<VariantDraft> variants,
        IReadOnlyList<PassInfo> passes,
        bool whole
    )
    {
        this.catalog = catalog;
        Whole = whole;
        foreach (var draft in variants)
        {
            foreach (var axis in draft.Info?.Axes ?? [])
            {
                Add(axis, new(draft.Label, axis, draft.Gives(axis.Name)));
            }
        }

        foreach (var pass in passes)
        {
            foreach (var axis in pass.Axes)
            {
                var overridden = variants.Count > 0 && variants.All(v => v.With.ContainsKey(axis.Name));
                Add(axis, new($"the pass {pass.Name}", axis, overridden, OfPass: true));
            }
        }
    }

    public bool Whole { get; }

    /// <summary>Names in the catalogue's order.</summary>
    public IReadOnlyCollection<string> Names => needs.Keys;

    public bool Takes(string name) => needs.ContainsKey(name);

    /// <summary>Those that read the parameter from the point, not from their own <c>with</c>.</summary>
    public IEnumerable<Need> FromPoint(string name) =>
        needs.TryGetValue(name, out var users) ? users.Where(u => !u.Overridden) : [];

    /// <summary>What is known of the parameter: from who takes it, else from the catalogue at large.</summary>
    public AxisInfo? Info(string name) =>
        needs.TryGetValue(name, out var users)
            ? users[0].Info
            : catalog
                .Variants.SelectMany(v => v.Axes)
                .Concat(catalog.Passes.SelectMany(p => p.Axes))
                .FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.Ordinal));

    /// <summary>What the variant, or a chosen pass, takes under this name; null where neither does.</summary>
    public Need? Of(VariantDraft variant, string name) =>
        needs.TryGetValue(name, out var users)
            ? users.Find(u => string.Equals(u.User, variant.Label, StringComparison.Ordinal))
                ?? users.Find(u => u.OfPass)
            : null;

    /// <summary>Every parameter that the variant's <c>with</c> can give.</summary>
    public IEnumerable<string> TakenBy(VariantDraft variant) => needs.Keys.Where(n => Of(variant, n) is not null);

    /// <summary>Whether anything in the catalogue takes it; where the catalogue is empty nobody can say.</summary>
    public bool MayBeTaken(string name) => catalog.Variants.Count == 0 || Info(name) is not null;

    private void Add(AxisInfo axis, Need need)
    {
        if (!needs.TryGetValue(axis.Name, out var users))
        {
            needs.Add(axis.Name, users = []);
        }

        users.Add(need);
    }

    /// <param name="User">Who takes it, for messages.</param>
    /// <param name="Overridden">True: its <c>with</c> gives the value.</param>
    internal sealed record Need(string User, AxisInfo Info, bool Overridden, bool OfPass = false);

    /// <summary>What is wrong with a value for this parameter, rule and repair included, or null.</summary>
    public static string? Problem(AxisInfo info, string user, AxisValue value)
    {
        var fits = info.Kind switch
        {
            "integer" => value.IsInteger,
            "real" => value.IsNumber,
            "truth" => value.IsTruth,
            _ => value.IsText,
        };
        if (!fits)
        {
            var shown = value.IsText ? $"the text '{SpecText.Clip(value.Text)}'" : value.Canonical;
            return $"{shown} is no {KindOf(info)}; {user} takes {info.Name} as {Rule(info)}";
        }

        if (value.IsNumber && (value.Number < info.Minimum || value.Number > info.Maximum))
        {
            return $"{value.Canonical} is out of range; {user} takes {info.Name} as {Rule(info)}";
        }

        if (info.Values is { } allowed && value.IsText && !allowed.Contains(value.Text, StringComparer.Ordinal))
        {
            return $"{user} takes no {info.Name} '{SpecText.Clip(value.Text)}'"
                + Suggestion.OrList(value.Text, [.. allowed]);
        }

        return null;
    }

    private static string KindOf(AxisInfo info) => info.Kind == "truth" ? "truth value" : info.Kind;

    /// <summary>E.g. <c>an integer, at least 1</c>.</summary>
    public static string Rule(AxisInfo info)
    {
        var kind = info.Kind switch
        {
            "integer" => "an integer",
            "real" => "a number",
            "truth" => "true or false",
            _ => info.Values is { } values ? $"one of {string.Join(", ", values)}" : "a text",
        };
        return (info.Minimum, info.Maximum) switch
        {
            ({ } low, { } high) => $"{kind} from {Show(low)} to {Show(high)}",
            ({ } low, null) => $"{kind}, at least {Show(low)}",
            (null, { } high) => $"{kind}, at most {Show(high)}",
            _ => kind,
        };
    }

    /// <summary>A value to show as an example of the parameter.</summary>
    public static string Example(AxisInfo info) =>
        info.Kind switch
        {
            "integer" => Show(Math.Clamp(256, info.Minimum ?? 256, info.Maximum ?? 256)),
            "real" => Show(Math.Clamp(0.5, info.Minimum ?? 0.5, info.Maximum ?? 0.5)),
            "truth" => "true",
            _ => info.Values is [var first, ..] ? first : "text",
        };

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
