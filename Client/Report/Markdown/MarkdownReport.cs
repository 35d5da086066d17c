using System.Text;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Markdown;

/// <summary>A report for a pull request: the sentences, what they rest on, and the cells.</summary>
public static class MarkdownReport
{
    /// <summary>Rows of the table; a comment is no place for more.</summary>
    public const int MostRows = 60;

    public static string Write(ReportData data)
    {
        var text = new StringBuilder();
        text.Append("## ").Append(Escaped(data.Title)).Append("\n\n");
        if (data.Question is { } question)
        {
            text.Append('_').Append(Escaped(question)).Append("_\n\n");
        }

        if (data.Standing is { } standing)
        {
            text.Append("- ⚠ ").Append(Escaped(standing)).Append('\n');
        }

        foreach (var sentence in data.Answers)
        {
            text.Append("- **").Append(Escaped(sentence)).Append("**\n");
        }

        text.Append('\n');
        foreach (var item in data.Warnings.Concat(data.Grounds))
        {
            text.Append(item.Concern ? "- ⚠ " : "- ").Append($"{Escaped(item.Name)}: {Escaped(item.Text)}\n");
        }

        Table(text, data);
        Learnt(text, data);
        text.Append(
            $"\n`{data.Command.Replace("`", "'", StringComparison.Ordinal)}`, layerbench {Escaped(data.ProductVersion)}\n"
        );
        return text.ToString();
    }

    private static void Table(StringBuilder text, ReportData data)
    {
        var axes = data.Varying;
        var rows = data.Cells.SelectMany(c => c.Rows.Select(r => (Cell: c, Row: r))).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        string[] headers = data.IsComparison
            ? [.. axes, "variant", "time B ÷ A", "verdict"]
            : [.. axes, "variant", "time", "ratio", "verdict", "peak memory", "outcome"];
        text.Append('\n');
        Line(text, headers);
        Line(text, headers.Select(_ => "---"));
        foreach (var (cell, row) in rows.Take(MostRows))
        {
            IEnumerable<string> place =
            [
                .. axes.Select(a => row.Point.TryGetValue(a, out var value) ? PointText.Value(a, value) : ""),
                row.Variant,
            ];
            string[] numbers = data.IsComparison
                ? [RowText.Ratio(row), RowText.Verdict(row)]
                :
                [
                    RowText.Training(row) ?? RowText.Time(row),
                    RowText.Ratio(row),
                    RowText.Verdict(row),
                    RowText.Memory(row),
                    cell.Note is { } note ? $"{row.Outcome.Name}: {note}" : row.Outcome.Name,
                ];
            Line(text, place.Concat(numbers));
        }

        if (rows.Count > MostRows)
        {
            Rest(text, rows.Count, data);
        }
    }

    private static void Learnt(StringBuilder text, ReportData data)
    {
        if (data.Learnt is not { } learnt)
        {
            return;
        }

        text.Append('\n').Append(Escaped($"{learnt.Title}: {learnt.About}")).Append("\n\n");
        Line(text, learnt.Headers);
        Line(text, learnt.Headers.Select(_ => "---"));
        foreach (var row in learnt.Rows.Take(MostRows))
        {
            Line(text, row);
        }

        if (learnt.Rows.Count > MostRows)
        {
            Rest(text, learnt.Rows.Count, data);
        }
    }

    private static void Rest(StringBuilder text, int rows, ReportData data) =>
        text.Append($"\nThe first {MostRows} of {Units.Count(rows, "row")}; {data.WhoHasAll} all of them.\n");

    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(Escaped)).Append(" |\n");

    /// <summary>Names are text: no markup of theirs is read, no line of theirs ends a table, and nobody is called.</summary>
    private static string Escaped(string content)
    {
        var text = new StringBuilder(content.Length);
        foreach (var c in content.ReplaceLineEndings(" "))
        {
            text.Append(
                c switch
                {
                    '<' => "&lt;",
                    '&' => "&amp;",
                    '@' => "&#64;",
                    '|' or '*' or '_' or '`' or '[' or ']' or '\\' or '#' => $"\\{c}",
                    _ => c.ToString(),
                }
            );
        }

        return text.ToString();
    }
}
