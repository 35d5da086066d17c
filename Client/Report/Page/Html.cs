using System.Net;
using System.Text;

namespace Layerbench.Report.Page;

/// <summary>HTML, in which every text is escaped and only tags written here are tags.</summary>
internal sealed class Html
{
    private readonly StringBuilder text = new();

    /// <summary>Markup as it stands: never anything that came from a sweep or a store.</summary>
    public Html Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    public Html Text(string? content)
    {
        text.Append(WebUtility.HtmlEncode(content));
        return this;
    }

    /// <param name="tag">With its attributes: <c>p class="meta"</c>.</param>
    public Html Element(string tag, string? content) => Raw($"<{tag}>").Text(content).Raw($"</{tag.Split(' ')[0]}>\n");

    public override string ToString() => text.ToString();
}
