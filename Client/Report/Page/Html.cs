using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Layerbench.Report.Page;

/// <summary>HTML, in which every text is escaped and only tags written here are tags.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder text = new();

    /// <summary>As text in HTML and in XML, inside an attribute too.</summary>
    public static string Escaped(string content) => encoder.Encode(content);

    /// <summary>Markup as it stands: never anything that came from a sweep or a store.</summary>
    public Html Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    public Html Text(string? content)
    {
        text.Append(Escaped(content ?? ""));
        return this;
    }

    /// <param name="tag">With its attributes: <c>p class="meta"</c>.</param>
    public Html Element(string tag, string? content) => Raw($"<{tag}>").Text(content).Raw($"</{tag.Split(' ')[0]}>\n");

    public override string ToString() => text.ToString();
}
