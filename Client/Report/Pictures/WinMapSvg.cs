using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>
/// The win map: one panel for each combination of the other axes, the last two axes across and down. Inconclusive cells are
/// hatched.
/// </summary>
internal static class WinMapSvg
{
    private const int LeastCell = 56;
    private const int Row = 36;
    private const int LeastLeft = 96;
    private const int Top = 74;
    private const int PanelGap = 34;
    private const double LetterWidth = 7.4;
    private const double TitleLetterWidth = 8.6;

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
        var title = $"{variant} ÷ {rows[0].Baseline}: time, {data.Title}";
        var left = Math.Max(LeastLeft, 20 + Wide(down is null ? [] : down.Values.Select(v => Named(down, v))));
        var cell = Math.Max(LeastCell, 12 + Wide(across is null ? [] : across.Values.Select(v => Value(across, v))));
        var width = Math.Max(
            Math.Max(620, 24 + (int)(TitleLetterWidth * title.Length)),
            left + (across?.Values.Count ?? 1) * cell + 24
        );
        var height = Top + panels.Count * panelHeight + 44;
        var svg = new SvgDrawing();
        svg.Text(12, 24, title, "t");
        svg.Text(
            12,
            44,
            "blue: the variant is faster; orange: the baseline; ≈ within the margin; hatched: inconclusive",
            "q"
        );
        for (var p = 0; p < panels.Count; p++)
        {
            Panel(svg, panels[p].Key, [.. panels[p]], (across, down), (left, Top + p * panelHeight, cell), reach);
        }

        if (across is not null)
        {
            for (var x = 0; x < across.Values.Count; x++)
            {
                svg.Text(left + x * cell + cell / 2, height - 26, Value(across, across.Values[x]), anchor: "middle");
            }

            svg.Text(left + across.Values.Count * cell / 2, height - 8, across.Name, "q", "middle");
        }

        return svg.Write(width, height, $"{variant} ÷ {rows[0].Baseline}, win map of {data.Title}");
    }

    private static void Panel(
        SvgDrawing svg,
        string place,
        List<ResultRow> rows,
        (ReportAxis? Across, ReportAxis? Down) axes,
        (int Left, int Top, int Cell) at,
        double reach
    )
    {
        var (left, top, cell) = at;
        svg.Text(left, top + 14, place, "q");
        for (var y = 0; axes.Down is { } down && y < down.Values.Count; y++)
        {
            svg.Text(left - 8, top + 24 + y * Row + Row / 2 + 4, Named(down, down.Values[y]), anchor: "end");
        }

        foreach (var row in rows)
        {
            var x = left + Place(axes.Across, row) * cell;
            var y = top + 24 + Place(axes.Down, row) * Row;
            svg.Box(x + 1, y + 1, cell - 2, Row - 2, $"fill=\"{Colour(Math.Log2(row.Ratio!.Value) / reach)}\"");
            if (row.Verdict == Verdict.Inconclusive)
            {
                svg.Box(x + 1, y + 1, cell - 2, Row - 2, "fill=\"url(#u)\"");
            }

            var number = row.Ratio.Value.ToString("0.00", CultureInfo.InvariantCulture);
            svg.Text(
                x + cell / 2,
                y + Row / 2 + 4,
                row.Verdict == Verdict.Equivalent ? $"≈{number}" : number,
                "n",
                "middle"
            );
        }
    }

    private static string Value(ReportAxis axis, AxisValue value) => PointText.Value(axis.Name, value);

    private static string Named(ReportAxis axis, AxisValue value) => $"{axis.Name} {Value(axis, value)}";

    /// <summary>Room in pixels for the longest of these.</summary>
    private static int Wide(IEnumerable<string> texts) =>
        (int)Math.Ceiling(LetterWidth * texts.Select(t => t.Length).DefaultIfEmpty().Max());

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
