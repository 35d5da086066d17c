using Layerbench.Core;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>What pictures are drawn of.</summary>
internal static class PictureRows
{
    /// <summary>Rows that compare a variant with its baseline, controls apart, by place in the plan.</summary>
    public static IEnumerable<ResultRow> Compared(ReportData data) =>
        data.Cells.SelectMany(c => c.Rows).Where(r => r is { Ratio: > 0, Control: ControlKind.None });

    /// <summary>Axes that may be chosen freely: what is computed from others goes along with them.</summary>
    public static IReadOnlyList<ReportAxis> Axes(ReportData data) =>
        data.Axes.Where(a => a is { Varies: true, Listed: true }).ToList() is { Count: > 0 } listed
            ? listed
            : [.. data.Axes.Where(a => a.Varies)];

    public static string Text(ReportAxis axis, ResultRow row) =>
        row.Point.TryGetValue(axis.Name, out var value) ? PointText.Value(axis.Name, value) : "–";
}
