using System.Globalization;
using System.Text;
using Layerbench.Core.Catalog;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>The catalogue: what can be compared, by which equations, over which axes.</summary>
internal static class VariantsView
{
    public static IRenderable Draw(VariantCatalog catalog, IReadOnlyList<VariantInfo> variants, bool withPasses)
    {
        List<IRenderable> rows = [];
        foreach (var variant in variants)
        {
            rows.Add(new Markup($"[bold]{Markup.Escape(variant.Name)}[/]  {Markup.Escape(variant.Summary)}"));
            rows.AddRange(Facts(catalog, variant).Select(fact => Line(fact.Name, fact.Said)));
            rows.Add(new Text(""));
        }

        if (withPasses)
        {
            rows.Add(new Markup("[bold]passes[/], what is timed, or trained to see what is learnt (quality)"));
            foreach (var pass in catalog.Passes)
            {
                var axes = pass.Axes.Count == 0 ? "" : $" (axes: {string.Join(", ", pass.Axes.Select(Axis))})";
                var kind = pass.IsQuality ? $"quality, {pass.Metric}: " : "";
                rows.Add(Line(pass.Name, kind + pass.Summary + axes));
            }
        }

        return new Rows(rows);
    }

    /// <summary>A table for a document.</summary>
    public static string Markdown(VariantCatalog catalog, IReadOnlyList<VariantInfo> variants)
    {
        var text = new StringBuilder();
        text.AppendLine("| variant | what it is | equation | axes | parameters | forward FLOPs | backends | source |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var v in variants)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| `{v.Name}` | {Cell(v.Summary)} | {Cell(v.Equation)} | {Cell(string.Join(", ", v.Axes.Select(Axis)))} | `{Cell(v.Parameters)}` | `{Cell(v.ForwardFlops)}` | {string.Join(", ", BackendsOf(catalog, v))} | {Cell(v.Citation)} |"
            );
        }

        return text.ToString();

        static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
    }

    private static IEnumerable<(string Name, string Said)> Facts(VariantCatalog catalog, VariantInfo variant)
    {
        yield return ("equation", variant.Equation);
        yield return ("axes", string.Join(", ", variant.Axes.Select(Axis)));
        foreach (var constraint in variant.Constraints)
        {
            yield return ("needs", $"{constraint.Expression} ({constraint.Reason})");
        }

        yield return ("parameters", variant.Parameters);
        yield return ("FLOPs", $"{variant.ForwardFlops} (forward)");
        yield return ("bytes", $"{variant.ForwardBytes} (forward, least)");
        if (variant.EqualTo.Count > 0)
        {
            yield return (
                "equals",
                $"{string.Join(", ", variant.EqualTo)}, given the same weights; checked before timing"
            );
        }

        yield return ("backends", string.Join(", ", BackendsOf(catalog, variant)));
        yield return ("source", variant.Citation);
    }

    private static IEnumerable<string> BackendsOf(VariantCatalog catalog, VariantInfo variant) =>
        catalog.Backends.Select(b => b.Backend).Where(b => catalog.Has(b, variant.Name));

    /// <summary><c>d_ff = 4*d_model</c>, <c>activation (relu, gelu)</c>, <c>batch</c>.</summary>
    private static string Axis(AxisInfo axis)
    {
        var values = axis.Values is { Count: > 0 } v ? $" ({string.Join(", ", v)})" : "";
        return axis.Default is { } given ? $"{axis.Name} = {given}{values}" : $"{axis.Name}{values}";
    }

    private static Padder Line(string name, string said) =>
        new(new Text($"{name, -10}  {said}"), new Padding(2, 0, 0, 0));
}
