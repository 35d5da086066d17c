using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Report.Page;

/// <summary>What a page is made with: its style, and its script where that could be built.</summary>
/// <param name="Script">Null where the build had no node or npm; the page then has a plain table and no figures.</param>
/// <param name="Missing">Why there is no script; null where there is one.</param>
public sealed record PageAssets(string Style, string? Script, string? Missing)
{
    private static readonly Lazy<PageAssets> built = new(Read);

    /// <summary>Those of this build.</summary>
    public static PageAssets OfBuild => built.Value;

    /// <summary>A hash as a content security policy names it: <c>'sha256-…'</c>.</summary>
    internal static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static PageAssets Read() =>
        Resource("report.js") is { } script
            ? new(Resource("style.css")!, script, null)
            : new(
                Resource("style.css")!,
                null,
                Resource("missing.txt")?.Trim() ?? "the build left no reason; build again"
            );

    private static string? Resource(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        // A parser turns CRLF into LF before it hashes.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
