using System.Globalization;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Page;

/// <summary>The parts of a page that are readable without its script.</summary>
internal static class PageSections
{
    private static readonly string[] shown = ["device_model", "framework", "blas", "threads"];

    public static void Contents(Html html, ReportData data, PageAssets assets)
    {
        html.Element(
            "p class=\"meta\"",
            $"{data.Sweep} · {Units.Count(data.CellCount, "cell")} · {data.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · layerbench {data.ProductVersion}"
        );
        html.Raw("<nav aria-label=\"Contents\"><a href=\"#answer\">Answer</a> <a href=\"#trust\">Trust</a> ")
            .Raw(assets.Script is null ? "" : "<a href=\"#figures\">Figures</a> ")
            .Raw(
                "<a href=\"#cells\">Cells</a> <a href=\"#environment\">Environment</a> <a href=\"#again\">Again</a></nav>\n"
            );
    }

    public static void Answer(Html html, ReportData data)
    {
        html.Raw("<section id=\"answer\" aria-labelledby=\"answer-title\">\n")
            .Element("h2 id=\"answer-title\"", "Answer");
        if (data.Standing is { } standing)
        {
            html.Element("p class=\"concern\"", standing);
        }

        foreach (var sentence in data.Answers)
        {
            html.Element("p class=\"sentence\"", sentence);
        }

        foreach (var warning in data.Warnings)
        {
            html.Element("p class=\"concern\"", warning.Text);
        }

        html.Raw("</section>\n");
    }

    public static void Trust(Html html, ReportData data)
    {
        html.Raw("<section id=\"trust\" aria-labelledby=\"trust-title\">\n")
            .Element("h2 id=\"trust-title\"", "How far to trust it");
        if (data.Grounds.Count == 0)
        {
            html.Element("p", "There is nothing yet to be trusted.").Raw("</section>\n");
            return;
        }

        html.Raw("<dl>\n");
        foreach (var item in data.Grounds)
        {
            html.Raw(item.Concern ? "<div class=\"concern\">" : "<div>")
                .Element("dt", item.Concern ? $"{item.Name}: look at this" : item.Name)
                .Element("dd", item.Text)
                .Raw("</div>\n");
        }

        html.Raw("</dl>\n</section>\n");
    }

    public static void Figures(Html html, ReportData data, PageAssets assets)
    {
        if (assets.Missing is { } why)
        {
            html.Element(
                "p class=\"concern\"",
                $"Without charts: {why}. The numbers are below; {data.WhoHasAll} all of them."
            );
            return;
        }

        html.Raw("<section id=\"figures\" aria-labelledby=\"figures-title\">\n")
            .Element("h2 id=\"figures-title\"", "Figures")
            .Element(
                "noscript",
                $"Figures and the table of cells are drawn by this page's script; {data.WhoHasAll} their numbers."
            )
            .Raw("</section>\n");
    }

    public static void Cells(Html html, ReportData data, PageAssets assets)
    {
        html.Raw("<section id=\"cells\" aria-labelledby=\"cells-title\">\n").Element("h2 id=\"cells-title\"", "Cells");
        if (data.CellCount > data.Cells.Count)
        {
            html.Element(
                "p",
                $"The first {Units.Count(data.Cells.Count)} of {Units.Count(data.CellCount, "cell")} are shown; {data.WhoHasAll} all of them. Sentences and counts are over all."
            );
        }

        if (assets.Script is null)
        {
            PlainTable.Write(html, data);
        }

        html.Raw("</section>\n");
    }

    public static void Learnt(Html html, ReportData data)
    {
        if (data.Learnt is not { } learnt)
        {
            return;
        }

        html.Raw("<section id=\"learnt\" aria-labelledby=\"learnt-title\">\n")
            .Element("h2 id=\"learnt-title\"", learnt.Title)
            .Element("p", learnt.About)
            .Raw(
                "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"learnt-title\"><table>\n<thead><tr>"
            );
        foreach (var header in learnt.Headers)
        {
            html.Element("th scope=\"col\"", header);
        }

        html.Raw("</tr></thead>\n<tbody>\n");
        foreach (var row in learnt.Rows)
        {
            html.Raw("<tr>");
            foreach (var text in row)
            {
                html.Element("td", text);
            }

            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div>\n</section>\n");
    }

    public static void Environment(Html html, ReportData data)
    {
        html.Raw("<section id=\"environment\" aria-labelledby=\"environment-title\">\n")
            .Element("h2 id=\"environment-title\"", "Environment");
        if (data.Environments.Count == 0)
        {
            html.Element("p", "No launch was stored, so no environment is known.");
        }

        foreach (
            var (environment, runs) in data.Environments.OrderBy(e => e.Fingerprint.Id.Value, StringComparer.Ordinal)
        )
        {
            html.Raw("<details><summary>")
                .Text($"{Of(runs)}{environment.Id}: {About(environment)}")
                .Raw("</summary><table>\n");
            foreach (var (name, value) in environment.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
            {
                html.Raw("<tr>").Element("th scope=\"row\"", name).Element("td", value).Raw("</tr>\n");
            }

            html.Raw("</table></details>\n");
        }

        html.Raw("</section>\n");
    }

    public static void Again(Html html, ReportData data)
    {
        html.Raw("<section id=\"again\" aria-labelledby=\"again-title\">\n")
            .Element("h2 id=\"again-title\"", "The same again")
            .Raw("<pre tabindex=\"0\" role=\"group\" aria-label=\"Command\">")
            .Text(data.Command)
            .Raw("</pre>\n");
        foreach (var (text, runs) in data.Specs)
        {
            html.Raw("<details>")
                .Element("summary", $"{Of(runs)}The sweep, as it was measured")
                .Raw($"<pre tabindex=\"0\" role=\"group\" aria-label=\"{Of(runs)}Sweep\">")
                .Text(text)
                .Raw("</pre></details>\n");
        }

        html.Raw("</section>\n");
    }

    private static string Of(string runs) => runs.Length == 0 ? "" : $"{runs}: ";

    private static string About(Layerbench.Core.Results.Fingerprint environment) =>
        string.Join(
            ", ",
            shown
                .Where(environment.Entries.ContainsKey)
                .Select(key => key == "threads" ? $"{environment.Entries[key]} threads" : environment.Entries[key])
                // The library may say it as well.
                .SelectMany(text => text.Split(", "))
                .Distinct(StringComparer.Ordinal)
        );
}
