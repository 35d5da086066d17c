using System.Text;
using Layerbench.Report.Data;

namespace Layerbench.Report.Page;

/// <summary>
/// A report as one HTML file that needs nothing else: the answer and what it rests on as plain HTML, figures and table
/// drawn by an embedded script from one embedded block of JSON.
/// </summary>
/// <remarks>
/// Names and errors come from files and from workers, and a report is opened by others: every text is escaped here, JSON
/// has no <c>&lt;</c> in it, the script makes text nodes only, and the policy allows no script but the one of this build.
/// </remarks>
public static class ReportPage
{
    /// <param name="assets">Null: those of this build.</param>
    public static async Task WriteAsync(
        Stream stream,
        ReportData data,
        PageAssets? assets = null,
        CancellationToken cancellation = default
    )
    {
        var with = assets ?? PageAssets.OfBuild;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Beginning(data, with)), cancellation);
        if (with.Script is { } script)
        {
            await stream.WriteAsync("<script type=\"application/json\" id=\"data\">"u8.ToArray(), cancellation);
            await ReportJson.WriteAsync(stream, data, cancellation);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"</script>\n<script>{script}</script>\n"), cancellation);
        }

        await stream.WriteAsync("</body>\n</html>\n"u8.ToArray(), cancellation);
    }

    private static string Beginning(ReportData data, PageAssets assets)
    {
        var html = new Html()
            .Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy(assets)}\">\n")
            .Raw(
                "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
            )
            .Raw("<link rel=\"icon\" href=\"data:,\">\n")
            .Element("title", $"{data.Title} – layerbench")
            .Raw($"<style>{assets.Style}</style>\n</head>\n<body>\n")
            .Raw("<a class=\"skip\" href=\"#cells\">To the table of cells</a>\n<header>\n")
            .Element("h1", data.Title);
        if (data.Question is { } question)
        {
            html.Element("p class=\"question\"", question);
        }

        PageSections.Contents(html, data, assets);
        html.Raw("</header>\n<main>\n");
        PageSections.Answer(html, data);
        PageSections.Trust(html, data);
        PageSections.Figures(html, data, assets);
        PageSections.Cells(html, data, assets);
        PageSections.Learnt(html, data);
        PageSections.Environment(html, data);
        PageSections.Again(html, data);
        return html.Raw("</main>\n").ToString();
    }

    // Style attributes are set by the script on what it draws; they run nothing.
    private static string Policy(PageAssets assets) =>
        string.Join(
            "; ",
            "default-src 'none'",
            $"script-src {(assets.Script is { } script ? PageAssets.Hash(script) : "'none'")}",
            $"style-src-elem {PageAssets.Hash(assets.Style)}",
            "style-src-attr 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'"
        );
}
