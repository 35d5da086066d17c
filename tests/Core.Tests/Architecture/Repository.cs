using System.Xml.Linq;

namespace Layerbench.Core.Tests.Architecture;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static DirectoryInfo Root { get; } = Find();

    /// <summary>Source files by extension, with '/' paths from the root; build outputs and hidden folders left out.</summary>
    public static IEnumerable<(string Path, string FullPath)> Files(params string[] extensions) =>
        Below(Root)
            .Where(f => extensions.Contains(f.Extension, StringComparer.Ordinal))
            .Select(f => (Path.GetRelativePath(Root.FullName, f.FullName).Replace('\\', '/'), f.FullName))
            .OrderBy(f => f.Item1, StringComparer.Ordinal);

    /// <summary>A project's file name without extension, what it references, and its packages.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [.. Files(".csproj").Select(f => Project.Read(f.Path, XDocument.Load(f.FullPath)))];

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(d => d.Name is not ("artifacts" or "bin" or "obj" or "node_modules") && d.Name[0] != '.')
                    .SelectMany(Below)
            );

    private static DirectoryInfo Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Orchestrator.sln")))
            {
                return at;
            }
        }

        throw new InvalidOperationException(
            $"No Orchestrator.sln in or above {AppContext.BaseDirectory}; run the tests from a build inside the checkout."
        );
    }
}

/// <param name="References">Projects whose assembly it uses; one that is only built before it is none of them.</param>
internal sealed record Project(
    string Name,
    string Path,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Packages
)
{
    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public static Project Read(string path, XDocument document) =>
        new(
            NameOf(path),
            path,
            [
                .. document
                    .Descendants("ProjectReference")
                    .Where(r =>
                        !IsFalse(
                            r.Attribute("ReferenceOutputAssembly")?.Value ?? r.Element("ReferenceOutputAssembly")?.Value
                        )
                    )
                    .Select(r => NameOf(r.Attribute("Include")!.Value)),
            ],
            [.. document.Descendants("PackageReference").Select(r => r.Attribute("Include")?.Value).OfType<string>()]
        );

    private static string NameOf(string path) =>
        System
            .IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))
            .Replace("Layerbench.", "", StringComparison.Ordinal);

    private static bool IsFalse(string? text) => string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
}
