using Layerbench.Core;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Pictures;

/// <summary>What pictures are drawn of.</summary>
internal static class PictureRows
{
    /// <summary>Of a row that lacks the axis.</summary>
    private const string Lacking = "–";

    /// <summary>Rows that compare a variant with its baseline, controls apart, by place in the plan.</summary>
    public static IEnumerable<ResultRow> Compared(ReportData data) =>
        data.Cells.SelectMany(c => c.Rows).Where(r => r is { Ratio: > 0, Control: ControlKind.None });

    /// <summary>
    /// Axes that tell these rows apart, with their values there, as far as they may be chosen freely: what is computed
    /// from others goes along with them. Cells of other passes may have other axes.
    /// </summary>
    public static IReadOnlyList<ReportAxis> Axes(ReportData data, IEnumerable<ResultRow> rows)
    {
        var seen = rows.SelectMany(r => r.Point).ToHashSet();
        List<ReportAxis> there =
        [
            .. data
                .Axes.Select(a =>
                    a with
                    {
                        Values = [.. a.Values.Where(v => seen.Contains(KeyValuePair.Create(a.Name, v)))],
                    }
                )
                .Where(a => a is { Varies: true, Values.Count: > 1 }),
        ];
        return there.Where(a => a.Listed).ToList() is { Count: > 0 } listed ? listed : there;
    }

    public static string Text(ReportAxis axis, ResultRow row) =>
        row.Point.TryGetValue(axis.Name, out var value) ? PointText.Value(axis.Name, value) : Lacking;

    /// <summary>The axis' values as text, and a dash where a row lacks it.</summary>
    public static IReadOnlyList<string> Texts(ReportAxis axis, IEnumerable<ResultRow> rows) =>
        [
            .. axis.Values.Select(v => PointText.Value(axis.Name, v)),
            .. rows.Any(r => !r.Point.ContainsKey(axis.Name)) ? [Lacking] : Array.Empty<string>(),
        ];
}
