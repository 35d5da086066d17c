using System.Globalization;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>
/// The win map: one panel for each combination of the other axes, the last two axes across and down. Undecided cells are
/// hatched.
/// </summary>
internal static class WinMapSvg
{
    private const int Cell = 56;
    private const int Row = 36;
    private const int Left = 96;
    private const int Top = 74;
    private const int PanelGap = 34;

    /// <summary>Null where the variant is not compared.</summary>
    public static string? Draw(ReportData data, string variant)
    {
        var rows = PictureRows.Compared(data).Where(r => r.Variant == variant).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var axes = data.Axes.Where(a => a is { Varies: true, Listed: true }).ToList();
        var across = axes.Count > 0 ? axes[^1] : null;
        var down = axes.Count > 1 ? axes[^2] : null;
        var panels = rows.GroupBy(r =>
                string.Join(
                    ' ',
                    axes.Take(Math.Max(0, axes.Count - 2)).Select(a => $"{a.Name}={PictureRows.Text(a, r)}")
                )
            )
            .ToList();
        var reach = Math.Max(0.15, rows.Max(r => Math.Abs(Math.Log2(r.Ratio!.Value))));
        var panelHeight = (down?.Values.Count ?? 1) * Row + PanelGap;
        var width = Math.Max(620, Left + (across?.Values.Count ?? 1) * Cell + 24);
        var height = Top + panels.Count * panelHeight + 44;
        var svg = new SvgDrawing();
        svg.Text(12, 24, $"{variant} ÷ {rows[0].Baseline}: time, {data.Title}", "t");
        svg.Text(
            12,
            44,
            "blue: the variant is faster; orange: the baseline; ≈ within the margin; hatched: undecided",
            "q"
        );
        for (var p = 0; p < panels.Count; p++)
        {
            Panel(svg, panels[p].Key, [.. panels[p]], (across, down), Top + p * panelHeight, reach);
        }

        if (across is not null)
        {
            for (var x = 0; x < across.Values.Count; x++)
            {
                var value = PointText.Value(across.Name, across.Values[x]);
                svg.Text(Left + x * Cell + Cell / 2, height - 26, value, anchor: "middle");
            }

            svg.Text(Left + across.Values.Count * Cell / 2, height - 8, across.Name, "q", "middle");
        }

        return svg.Write(width, height, $"{variant} ÷ {rows[0].Baseline}, win map of {data.Title}");
    }

    private static void Panel(
        SvgDrawing svg,
        string place,
        List<ResultRow> rows,
        (ReportAxis? Across, ReportAxis? Down) axes,
        int top,
        double reach
    )
    {
        svg.Text(Left, top + 14, place, "q");
        for (var y = 0; axes.Down is { } down && y < down.Values.Count; y++)
        {
            var value = $"{down.Name} {PointText.Value(down.Name, down.Values[y])}";
            svg.Text(Left - 8, top + 24 + y * Row + Row / 2 + 4, value, anchor: "end");
        }

        foreach (var row in rows)
        {
            var x = Left + Place(axes.Across, row) * Cell;
            var y = top + 24 + Place(axes.Down, row) * Row;
            svg.Box(x + 1, y + 1, Cell - 2, Row - 2, $"fill=\"{Colour(Math.Log2(row.Ratio!.Value) / reach)}\"");
            if (row.Verdict == Verdict.Inconclusive)
            {
                svg.Box(x + 1, y + 1, Cell - 2, Row - 2, "fill=\"url(#u)\"");
            }

            var number = row.Ratio.Value.ToString("0.00", CultureInfo.InvariantCulture);
            svg.Text(
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
}
