using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Page;

/// <summary>The cells as a table without a script: what a build without npm shows.</summary>
internal static class PlainTable
{
    private const int MostCells = 500;

    public static void Write(Html html, ReportData data)
    {
        var axes = data.Varying;
        html.Raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Cells\"><table>\n<thead><tr>");
        foreach (var header in axes.Concat(["variant", "time", "ratio", "verdict", "peak memory", "learnt", "outcome"]))
        {
            html.Element("th scope=\"col\"", header);
        }

        html.Raw("</tr></thead>\n<tbody>\n");
        foreach (var cell in data.Cells.Take(MostCells))
        {
            foreach (var row in cell.Rows)
            {
                html.Raw("<tr>");
                foreach (var axis in axes)
                {
                    html.Element("td", row.Point.TryGetValue(axis, out var value) ? PointText.Value(axis, value) : "");
                }

                html.Element("td", row.Variant)
                    .Element("td", RowText.Time(row))
                    .Element("td", RowText.Ratio(row))
                    .Element("td", RowText.Verdict(row))
                    .Element("td", RowText.Memory(row))
                    .Element("td", RowText.Training(row))
                    .Element("td", cell.Note is { } note ? $"{row.Outcome.Name}: {note}" : row.Outcome.Name)
                    .Raw("</tr>\n");
            }
        }

        html.Raw("</tbody></table></div>\n");
        if (data.Cells.Count > MostCells)
        {
            html.Element("p", $"The first {MostCells} cells; {data.WhoHasAll} all {Units.Count(data.CellCount)}.");
        }
    }
}
