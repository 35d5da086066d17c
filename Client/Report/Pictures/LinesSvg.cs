using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>
/// A variant beside its baseline along the axis of numbers with most values, both logarithmic, with 95% intervals as
/// bands; the other axes at the value that most cells have. Of two runs the ratio.
/// </summary>
internal static class LinesSvg
{
    private const int Left = 84;
    private const int Top = 92;
    private const int Wide = 520;
    private const int High = 300;
    private const double LetterWidth = 7.4;
    private const double LabelRoom = 44;

    /// <summary>Null where there is no such axis, or nothing at that place.</summary>
    public static string? Draw(ReportData data, string variant)
    {
        var compared = PictureRows.Compared(data).Where(r => r.Variant == variant).ToList();
        if (compared.Count == 0 || Axis(PictureRows.Axes(data, compared)) is not { } axis)
        {
            return null;
        }

        string[] labels = data.IsComparison ? [variant] : [compared[0].Baseline, variant];
        var usable = data
            .Cells.SelectMany(c => c.Rows)
            .Where(r => r.Control == ControlKind.None && labels.Contains(r.Variant, StringComparer.Ordinal))
            .Select(r => (Row: r, Point: Point.Of(r, axis, data.IsComparison)))
            .Where(r => r.Point is not null)
            .ToList();
        var place = PictureRows
            .Axes(data, usable.Select(r => r.Row))
            .Where(a => a.Name != axis.Name)
            .Select(a => (Axis: a, Text: Commonest(a, compared)))
            .ToList();
        var points = usable
            .Where(r => place.All(p => PictureRows.Text(p.Axis, r.Row) == p.Text))
            .Select(r => r.Point!)
            .OrderBy(p => p.At)
            .ToList();
        if (points.Where(p => p.Label == variant).Select(p => p.At).Distinct().Count() < 2)
        {
            return null;
        }

        var at = string.Join(' ', place.Select(p => $"{p.Axis.Name}={p.Text}"));
        var svg = new SvgDrawing();
        svg.Text(12, 24, $"{string.Join(", ", labels)} along {axis.Name}, {data.Title}", "t");
        svg.Text(12, 44, $"bands: 95% intervals{(at.Length > 0 ? $"; at {at}" : "")}", "q");
        var x = LogScale.Over([.. points.Select(p => p.At).Distinct()], Left, Left + Wide);
        var y = LogScale.Over([.. points.SelectMany(p => p.Ends)], Top + High, Top);
        Frame(svg, x, y, points, axis.Name, data.IsComparison);
        double legend = Left;
        for (var i = 0; i < labels.Length; i++)
        {
            svg.Circle(legend + 4, Top - 16, $"fill=\"{SvgDrawing.Category(i)}\"");
            svg.Text(legend + 14, Top - 12, labels[i]);
            Series(svg, x, y, [.. points.Where(p => p.Label == labels[i])], SvgDrawing.Category(i));
            legend += 34 + LetterWidth * labels[i].Length;
        }

        var crossings = data.Crossovers.Where(c => Is(c, axis, place, labels)).ToList();
        var longest = crossings.Select(c => ScalingText.Line(c).Length).DefaultIfEmpty().Max();
        for (var i = 0; i < crossings.Count; i++)
        {
            var cross = x.At(crossings[i].At);
            svg.Line(cross, Top, cross, Top + High, "class=\"a\" stroke-dasharray=\"4 4\"");
            svg.Text(12, Top + High + 62 + 18 * i, ScalingText.Line(crossings[i]), "q");
        }

        return svg.Write(
            Math.Max(Left + Wide + 24, Math.Max((int)legend, 24 + (int)(LetterWidth * longest))),
            Top + High + 52 + 18 * crossings.Count,
            $"{string.Join(", ", labels)} along {axis.Name}, of {data.Title}"
        );
    }

    private static void Frame(SvgDrawing svg, LogScale x, LogScale y, List<Point> points, string axis, bool isRatio)
    {
        foreach (var tick in y.Ticks())
        {
            svg.Line(Left, y.At(tick), Left + Wide, y.At(tick), "class=\"g\"");
            svg.Text(
                Left - 8,
                y.At(tick) + 4,
                isRatio ? tick.ToString("0.###", CultureInfo.InvariantCulture) : Units.Seconds(tick),
                "q",
                "end"
            );
        }

        var last = double.NegativeInfinity;
        foreach (var value in points.Select(p => p.At).Distinct())
        {
            svg.Line(x.At(value), Top, x.At(value), Top + High, "class=\"g\"");
            if (x.At(value) - last >= LabelRoom)
            {
                last = x.At(value);
                svg.Text(
                    last,
                    Top + High + 18,
                    value.ToString("0.####", CultureInfo.InvariantCulture),
                    anchor: "middle"
                );
            }
        }

        svg.Text(Left + Wide / 2, Top + High + 38, axis, "q", "middle");
        svg.Text(12, Top - 30, isRatio ? "time in B ÷ in A" : "time of one iteration", "q");
    }

    private static void Series(SvgDrawing svg, LogScale x, LogScale y, List<Point> points, string colour)
    {
        var banded = points.Where(p => p is { Low: > 0, High: not null }).ToList();
        if (banded.Count > 1)
        {
            svg.Through(
                banded
                    .Select(p => (x.At(p.At), y.At(p.Low!.Value)))
                    .Concat(banded.AsEnumerable().Reverse().Select(p => (x.At(p.At), y.At(p.High!.Value)))),
                closed: true,
                $"fill=\"{colour}\" fill-opacity=\".2\""
            );
        }

        svg.Through(
            points.Select(p => (x.At(p.At), y.At(p.Value))),
            closed: false,
            $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\""
        );
        foreach (var point in points)
        {
            svg.Circle(x.At(point.At), y.At(point.Value), $"fill=\"{colour}\"");
        }
    }

    private static ReportAxis? Axis(IEnumerable<ReportAxis> axes) =>
        axes.Where(a => a.Values.Count > 1 && a.Values.All(v => v is { IsNumber: true, Number: > 0 }))
            .MaxBy(a => a.Values.Count);

    private static string Commonest(ReportAxis axis, IEnumerable<ResultRow> rows) =>
        rows.CountBy(r => PictureRows.Text(axis, r)).MaxBy(c => c.Value).Key;

    private static bool Is(
        Crossover crossover,
        ReportAxis axis,
        IEnumerable<(ReportAxis Axis, string Text)> place,
        string[] labels
    ) =>
        crossover.Axis == axis.Name
        && labels.Contains(crossover.Faster, StringComparer.Ordinal)
        && labels.Contains(crossover.Slower, StringComparer.Ordinal)
        && place.All(p =>
            !crossover.Place.Any(c => c.Name == p.Axis.Name && PointText.Value(c.Name, c.Value) != p.Text)
        );

    /// <summary>What a row says at one place of the axis.</summary>
    private sealed record Point(string Label, double At, double Value, double? Low, double? High)
    {
        public IEnumerable<double> Ends =>
            new double?[] { Value, Low, High }
                .OfType<double>()
                .Where(v => v > 0);

        public static Point? Of(ResultRow row, ReportAxis axis, bool isRatio)
        {
            if (!row.Point.TryGetValue(axis.Name, out var at))
            {
                return null;
            }

            return isRatio
                ? row.Ratio is > 0 and { } ratio
                    ? new(row.Variant, at.Number, ratio, row.RatioLow, row.RatioHigh)
                    : null
                : row.TimeMedianSeconds is > 0 and { } time
                    ? new(row.Variant, at.Number, time, row.TimeLowSeconds, row.TimeHighSeconds)
                    : null;
        }
    }
}
