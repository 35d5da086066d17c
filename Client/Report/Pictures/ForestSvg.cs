using System.Globalization;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>Every cell's ratio with its interval, in the plan's order; the margin is a band.</summary>
internal static class ForestSvg
{
    /// <summary>More rows are no picture; the page has all of them.</summary>
    public const int MostRows = 60;

    private const int Row = 22;
    private const int Top = 78;
    private const int Plot = 420;
    private const int Numbers = 160;
    private const double LetterWidth = 7.4;

    /// <summary>Null where the variant is not compared.</summary>
    public static string? Draw(ReportData data, string variant)
    {
        var all = PictureRows.Compared(data).Where(r => r.Variant == variant).ToList();
        if (all.Count == 0)
        {
            return null;
        }

        var axes = PictureRows.Axes(data, PictureRows.Compared(data));
        var rows = all.Take(MostRows)
            .Select(r => (Of: r, Place: string.Join(" · ", axes.Select(a => PictureRows.Text(a, r)))))
            .ToList();
        var names = string.Join(" · ", axes.Select(a => a.Name));
        var left = 24 + (int)(LetterWidth * Math.Max(names.Length, rows.Max(r => r.Place.Length)));
        var bottom = Top + rows.Count * Row;
        var margin = data.Rule.Margin;
        var x = LogScale.Over(
            [.. rows.SelectMany(r => Ends(r.Of)), 1 / (1 + margin), 1 + margin],
            left + 8,
            left + Plot - 8
        );
        var svg = new SvgDrawing();
        svg.Text(12, 24, $"{variant} ÷ {rows[0].Of.Baseline}: time, {data.Title}", "t");
        svg.Text(
            12,
            44,
            "95% intervals; band: the margin; blue: faster, orange: slower, hollow: inconclusive"
                + (all.Count > MostRows ? $"; the first {MostRows} of {Units.Count(all.Count)} cells" : ""),
            "q"
        );
        svg.Text(left - 8, Top - 8, names, "q", "end");
        svg.Box(
            x.At(1 / (1 + margin)),
            Top,
            x.At(1 + margin) - x.At(1 / (1 + margin)),
            bottom - Top,
            "fill=\"#8a929b\" fill-opacity=\".2\""
        );
        foreach (var tick in x.Ticks())
        {
            svg.Line(x.At(tick), Top, x.At(tick), bottom, "class=\"g\"");
            svg.Text(x.At(tick), bottom + 18, tick.ToString("0.###", CultureInfo.InvariantCulture), "q", "middle");
        }

        svg.Line(x.At(1), Top, x.At(1), bottom, "class=\"a\"");
        for (var i = 0; i < rows.Count; i++)
        {
            Mark(svg, x, rows[i].Of, Top + i * Row + Row / 2);
            svg.Text(left - 8, Top + i * Row + Row / 2 + 4, rows[i].Place, anchor: "end");
            svg.Text(left + Plot + 8, Top + i * Row + Row / 2 + 4, RowText.Ratio(rows[i].Of));
        }

        svg.Text(
            left + Plot / 2,
            bottom + 38,
            data.IsComparison ? "time in B ÷ in A" : "time ÷ baseline's",
            "q",
            "middle"
        );
        return svg.Write(
            Math.Max(560, left + Plot + Numbers),
            bottom + 50,
            $"{variant} ÷ {rows[0].Of.Baseline}, ratios with intervals of {data.Title}"
        );
    }

    private static void Mark(SvgDrawing svg, LogScale x, ResultRow row, double y)
    {
        if (row is { RatioLow: { } low, RatioHigh: { } high })
        {
            svg.Line(x.At(low), y, x.At(high), y, "class=\"i\" stroke-width=\"2\"");
        }

        svg.Circle(
            x.At(row.Ratio!.Value),
            y,
            row.Verdict switch
            {
                Verdict.Faster => "fill=\"#2a78b8\"",
                Verdict.Slower => "fill=\"#d9781e\"",
                Verdict.Equivalent => "fill=\"#009e73\"",
                _ => "class=\"b i\" stroke-width=\"1.5\"",
            }
        );
    }

    private static IEnumerable<double> Ends(ResultRow row) =>
        new[] { row.Ratio, row.RatioLow, row.RatioHigh }.OfType<double>().Where(v => v > 0);
}
