using System.Globalization;
using System.Text;
using Layerbench.Report.Page;

namespace Layerbench.Report.Pictures;

/// <summary>
/// A picture in SVG that needs nothing else and follows the reader's choice of light or dark. Lengths in pixels, y
/// downwards; every text is escaped.
/// </summary>
internal sealed class SvgDrawing
{
    // Colours of verdicts and of variants as on the page: Okabe and Ito 2008, told apart by people who see few colours.
    private const string Style = """
        text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1b1f24}.q{fill:#57606a}.b{fill:#fff}
        .t{font-size:15px;font-weight:600}.n{fill:#1b1f24}.g{stroke:#e3e6ea}.a{stroke:#57606a}.i{stroke:#1b1f24}
        @media (prefers-color-scheme:dark){text{fill:#e6eaef}.q{fill:#a5b0bc}.b{fill:#0f1216}.n{fill:#1b1f24}
        .g{stroke:#2c343d}.a{stroke:#a5b0bc}.i{stroke:#e6eaef}}
        """;

    private static readonly string[] categories =
    [
        "#0072b2",
        "#d55e00",
        "#009e73",
        "#cc79a7",
        "#8a6d00",
        "#56b4e9",
        "#e69f00",
        "#777777",
    ];

    private readonly StringBuilder body = new();

    public static string Category(int place) => categories[place % categories.Length];

    public void Text(double x, double y, string content, string style = "", string anchor = "start") =>
        Add(
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" class=\"{style}\" text-anchor=\"{anchor}\">{Html.Escaped(content)}</text>"
        );

    /// <param name="attributes">Markup of this build, e.g. <c>fill="#fff"</c>.</param>
    public void Box(double x, double y, double width, double height, string attributes) =>
        Add($"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" {attributes}/>");

    /// <inheritdoc cref="Box"/>
    public void Line(double x1, double y1, double x2, double y2, string attributes) =>
        Add($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" {attributes}/>");

    /// <inheritdoc cref="Box"/>
    public void Circle(double x, double y, string attributes) =>
        Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" {attributes}/>");

    /// <summary>A line through points, closed where it is filled.</summary>
    /// <inheritdoc cref="Box"/>
    public void Through(IEnumerable<(double X, double Y)> points, bool closed, string attributes)
    {
        var through = string.Join(
            ' ',
            points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}"))
        );
        Add($"<{(closed ? "polygon" : "polyline")} points=\"{through}\" {attributes}/>");
    }

    /// <param name="says">The picture in a few words, for people who do not see it.</param>
    public string Write(int width, int height, string says)
    {
        var size = string.Create(
            CultureInfo.InvariantCulture,
            $"width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\""
        );
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\">\n<title>{Html.Escaped(says)}</title>\n<style>{Style}</style>\n"
            + "<defs><pattern id=\"u\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke=\"#1b1f24\" stroke-opacity=\".35\" stroke-width=\"2\"/></pattern></defs>\n"
            + $"<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n";
    }

    private void Add(FormattableString element) =>
        body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
