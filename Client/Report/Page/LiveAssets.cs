using System.Security.Cryptography;

namespace Layerbench.Report.Page;

/// <summary>A file of the live page.</summary>
/// <param name="Gzip">Its content, compressed by the build.</param>
/// <param name="Tag">Another content has another.</param>
public sealed record LiveAsset(string ContentType, byte[] Gzip, string Tag);

/// <summary>What the live page is made of; it is built with the report's script, from the same sources.</summary>
/// <param name="Files">By name; none where the build had no node or npm.</param>
/// <param name="Missing">Why there are none; null where there are.</param>
public sealed record LiveAssets(IReadOnlyDictionary<string, LiveAsset> Files, string? Missing)
{
    public const string Index = "index.html";

    private const string Prefix = "live/";
    private const string Compressed = ".gz";

    private static readonly Lazy<LiveAssets> built = new(Read);

    public static LiveAssets OfBuild => built.Value;

    private static LiveAssets Read()
    {
        var assembly = typeof(LiveAssets).Assembly;
        var files = new Dictionary<string, LiveAsset>(StringComparer.Ordinal);
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(n =>
                    n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Compressed, StringComparison.Ordinal)
                )
        )
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Prefix.Length..^Compressed.Length];
            files[name] = new LiveAsset(TypeOf(name), bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        }

        return new LiveAssets(files, files.Count > 0 ? null : PageAssets.OfBuild.Missing ?? "the build left no reason");
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new InvalidOperationException($"'{name}' has no type: {other}."),
        };
}
