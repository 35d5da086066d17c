using System.Globalization;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Page;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>The win map as a picture that needs nothing else: for a README, light and dark. Undecided cells are hatched.</summary>
public static class WinMapSvg
{
    private const int Cell = 56;
    private const int Row = 36;
    private const int Left = 96;
    private const int Top = 74;
    private const int PanelGap = 34;

    private const string Style = """
        text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1b1f24}.q{fill:#57606a}.b{fill:#fff}
        .t{font-size:15px;font-weight:600}
        @media (prefers-color-scheme:dark){text{fill:#e6eaef}.q{fill:#a5b0bc}.b{fill:#0f1216}}
        .n{fill:#1b1f24}
        """;

    /// <summary>
    /// One panel for each combination of the other axes, the last two axes across and down; the first variant that is
    /// compared. Null where nothing is.
    /// </summary>
    public static string? Draw(ReportData data)
    {
        var rows = data
            .Cells.SelectMany(c => c.Rows)
            .Where(r => r is { Ratio: > 0, Control: ControlKind.None })
            .ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var variant = rows[0].Variant;
        var axes = data.Axes.Where(a => a is { Varies: true, Listed: true }).ToList();
        var across = axes.Count > 0 ? axes[^1] : null;
        var down = axes.Count > 1 ? axes[^2] : null;
        var panels = rows.Where(r => r.Variant == variant)
            .GroupBy(r =>
                string.Join(' ', axes.Take(Math.Max(0, axes.Count - 2)).Select(a => $"{a.Name}={Text(a, r)}"))
            )
            .ToList();
        var reach = Math.Max(0.15, rows.Max(r => Math.Abs(Math.Log2(r.Ratio!.Value))));
        var panelHeight = (down?.Values.Count ?? 1) * Row + PanelGap;
        var width = Math.Max(520, Left + (across?.Values.Count ?? 1) * Cell + 24);
        var height = Top + panels.Count * panelHeight + 44;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n"
        );
        svg.Append(
            $"<title>{Html.Escaped($"{variant} ÷ {rows[0].Baseline}, win map of {data.Title}")}</title>\n<style>{Style}</style>\n"
        );
        svg.Append(
            "<defs><pattern id=\"u\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke=\"#1b1f24\" stroke-opacity=\".35\" stroke-width=\"2\"/></pattern></defs>\n"
        );
        svg.Append("<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n");
        Write(svg, 12, 24, $"{variant} ÷ {rows[0].Baseline}: time, {data.Title}", "t");
        Write(
            svg,
            12,
            44,
            "blue: the variant is faster; orange: the baseline; ≈ within the margin; hatched: undecided",
            "q"
        );
        for (var p = 0; p < panels.Count; p++)
        {
            Panel(svg, panels[p].Key, [.. panels[p]], across, down, Top + p * panelHeight, reach);
        }

        if (across is not null)
        {
            for (var x = 0; x < across.Values.Count; x++)
            {
                Write(
                    svg,
                    Left + x * Cell + Cell / 2,
                    height - 26,
                    PointText.Value(across.Name, across.Values[x]),
                    "",
                    "middle"
                );
            }

            Write(svg, Left + across.Values.Count * Cell / 2, height - 8, across.Name, "q", "middle");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(
        StringBuilder svg,
        string place,
        List<ResultRow> rows,
        ReportAxis? across,
        ReportAxis? down,
        int top,
        double reach
    )
    {
        Write(svg, Left, top + 14, place, "q");
        for (var y = 0; down is not null && y < down.Values.Count; y++)
        {
            Write(
                svg,
                Left - 8,
                top + 24 + y * Row + Row / 2 + 4,
                $"{down.Name} {PointText.Value(down.Name, down.Values[y])}",
                "",
                "end"
            );
        }

        foreach (var row in rows)
        {
            var x = Left + Place(across, row) * Cell;
            var y = top + 24 + Place(down, row) * Row;
            var box = string.Create(
                CultureInfo.InvariantCulture,
                $"x=\"{x + 1}\" y=\"{y + 1}\" width=\"{Cell - 2}\" height=\"{Row - 2}\""
            );
            svg.Append($"<rect {box} fill=\"{Colour(Math.Log2(row.Ratio!.Value) / reach)}\"/>");
            if (row.Verdict == Verdict.Inconclusive)
            {
                svg.Append($"<rect {box} fill=\"url(#u)\"/>");
            }

            var number = row.Ratio.Value.ToString("0.00", CultureInfo.InvariantCulture);
            Write(
                svg,
                x + Cell / 2,
                y + Row / 2 + 4,
                row.Verdict == Verdict.Equivalent ? $"≈{number}" : number,
                "n",
                "middle"
            );
        }
    }

    private static int Place(ReportAxis? axis, ResultRow row) =>
        axis is not null && row.Point.TryGetValue(axis.Name, out var value)
            ? Math.Max(0, axis.Values.ToList().IndexOf(value))
            : 0;

    private static string Text(ReportAxis axis, ResultRow row) =>
        row.Point.TryGetValue(axis.Name, out var value) ? PointText.Value(axis.Name, value) : "–";

    /// <param name="share">−1: much faster, 0: the same, 1: much slower.</param>
    private static string Colour(double share)
    {
        int[] end = share < 0 ? [0x4a, 0x9e, 0xde] : [0xe8, 0x8b, 0x35];
        int[] same = [0xf1, 0xf1, 0xee];
        var by = Math.Min(1, Math.Abs(share));
        return "#"
            + string.Concat(
                same.Zip(
                    end,
                    (s, e) => ((int)Math.Round(s + by * (e - s))).ToString("x2", CultureInfo.InvariantCulture)
                )
            );
    }

    private static void Write(StringBuilder svg, int x, int y, string content, string style, string anchor = "start") =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x}\" y=\"{y}\" class=\"{style}\" text-anchor=\"{anchor}\">{Html.Escaped(content)}</text>\n"
        );
}
