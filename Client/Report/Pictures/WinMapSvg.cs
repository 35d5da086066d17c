using System.Globalization;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;

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

        var axes = PictureRows.Axes(data, PictureRows.Compared(data));
        var across = Lanes.Of(axes.Count > 0 ? axes[^1] : null, rows);
        var down = Lanes.Of(axes.Count > 1 ? axes[^2] : null, rows);
        var panels = rows.GroupBy(r =>
                string.Join(
                    ' ',
                    axes.Take(Math.Max(0, axes.Count - 2)).Select(a => $"{a.Name}={PictureRows.Text(a, r)}")
                )
            )
            .ToList();
        var reach = Math.Max(0.15, rows.Max(r => Math.Abs(Math.Log2(r.Ratio!.Value))));
        var panelHeight = down.Texts.Count * Row + PanelGap;
        var title = $"{variant} ÷ {rows[0].Baseline}: time, {data.Title}";
        var left = Math.Max(LeastLeft, 20 + Wide(down.Named));
        var cell = Math.Max(LeastCell, 12 + Wide(across.Texts));
        var width = Math.Max(
            Math.Max(620, 24 + (int)(TitleLetterWidth * title.Length)),
            left + across.Texts.Count * cell + 24
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

        for (var x = 0; x < across.Texts.Count; x++)
        {
            svg.Text(left + x * cell + cell / 2, height - 26, across.Texts[x], anchor: "middle");
        }

        svg.Text(left + across.Texts.Count * cell / 2, height - 8, across.Axis?.Name ?? "", "q", "middle");

        return svg.Write(width, height, $"{variant} ÷ {rows[0].Baseline}, win map of {data.Title}");
    }

    private static void Panel(
        SvgDrawing svg,
        string place,
        List<ResultRow> rows,
        (Lanes Across, Lanes Down) axes,
        (int Left, int Top, int Cell) at,
        double reach
    )
    {
        var (left, top, cell) = at;
        svg.Text(left, top + 14, place, "q");
        for (var y = 0; y < axes.Down.Named.Count; y++)
        {
            svg.Text(left - 8, top + 24 + y * Row + Row / 2 + 4, axes.Down.Named[y], anchor: "end");
        }

        foreach (var row in rows)
        {
            var x = left + axes.Across.Place(row) * cell;
            var y = top + 24 + axes.Down.Place(row) * Row;
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

    /// <summary>Room in pixels for the longest of these.</summary>
    private static int Wide(IEnumerable<string> texts) =>
        (int)Math.Ceiling(LetterWidth * texts.Select(t => t.Length).DefaultIfEmpty().Max());

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

    /// <summary>Columns, or rows: one for each value, and one for cells that lack the axis.</summary>
    /// <param name="Axis">Null: there is one, without a name.</param>
    private sealed record Lanes(ReportAxis? Axis, IReadOnlyList<string> Texts)
    {
        /// <summary>With the axis' name; empty where there is none.</summary>
        public IReadOnlyList<string> Named => Axis is null ? [] : [.. Texts.Select(t => $"{Axis.Name} {t}")];

        public static Lanes Of(ReportAxis? axis, IReadOnlyList<ResultRow> rows) =>
            new(axis, axis is null ? [""] : PictureRows.Texts(axis, rows));

        public int Place(ResultRow row) =>
            Axis is null ? 0 : Texts.Index().First(t => t.Item == PictureRows.Text(Axis, row)).Index;
    }
}
