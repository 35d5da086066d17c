using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Layerbench.Bench;

/// <summary>What a command writes on a terminal, as SVG: one text a line, folded as a terminal folds, verdicts in colour.</summary>
internal static partial class TablePicture
{
    private const double LetterWidth = 7.8;
    private const double LineHeight = 17.8;
    private const int Edge = 18;
    private const string Style =
        """text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb;white-space:pre}.d{fill:#7f8ea3}.g{fill:#7ee787}.r{fill:#ffa198}.w{fill:#f2cc60}.b{fill:#ffffff;font-weight:bold}""";

    /// <param name="command">As it was typed.</param>
    /// <param name="output">What it wrote; lines longer than its table are folded.</param>
    public static string Of(string command, string output)
    {
        var lines = output.TrimEnd().Split('\n').Select(l => l.TrimEnd()).ToList();
        var rule = lines.FindIndex(l => l.Length > 0 && l.All(c => c == '─'));
        var columns = rule < 0 ? 120 : lines[rule].Length;
        List<(string Text, string Style)> drawn = [($"$ {command}", "b"), ("", "")];
        for (var at = 0; at < lines.Count; at++)
        {
            var style =
                at == rule - 1 ? "b"
                : at == rule ? "d"
                : StyleOf(lines[at]);
            drawn.AddRange(Folded(lines[at], columns).Select(text => (text, style)));
        }

        var (width, height) = (2 * Edge + LetterWidth * columns, 2 * Edge + LineHeight * drawn.Count);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" role=\"img\" aria-label=\"Output of {WebUtility.HtmlEncode(command)}\">\n<style>{Style}</style>\n<rect width=\"{width:0}\" height=\"{height:0}\" rx=\"8\" fill=\"#0d1117\"/>\n"
        );
        foreach (var (at, (text, style)) in drawn.Index())
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Edge}\" y=\"{Edge + LineHeight * (at + 0.5):0}\" xml:space=\"preserve\"{(style.Length == 0 ? "" : $" class=\"{style}\"")}>{WebUtility.HtmlEncode(text)}</text>\n"
            );
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string StyleOf(string line) =>
        line.StartsWith("warning:", StringComparison.Ordinal)
            ? "w"
            : Verdict().Match(line).Groups[1].Value switch
            {
                "faster" => "g",
                "slower" => "r",
                _ => "",
            };

    /// <summary>At blanks where there are any.</summary>
    private static IEnumerable<string> Folded(string line, int columns)
    {
        while (line.Length > columns)
        {
            var blank = line.LastIndexOf(' ', columns);
            var end = blank > 0 ? blank : columns;
            yield return line[..end];
            line = line[end..].TrimStart();
        }

        yield return line;
    }

    [GeneratedRegex(@"  (faster|slower) \(p ")]
    private static partial Regex Verdict();
}
