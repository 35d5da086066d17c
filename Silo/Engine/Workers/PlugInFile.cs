using System.Security.Cryptography;

namespace Layerbench.Engine.Workers;

/// <summary>A file with variants of a user's own, found.</summary>
/// <param name="Name">As it was named.</param>
/// <param name="Path">Absolute.</param>
public sealed record PlugInFile(string Name, string Path, string Sha256)
{
    private const string Variable = "LAYERBENCH_EXTRA_VARIANTS";

    /// <summary>Of a hash, enough to tell two versions of one file apart.</summary>
    private const int HashDigits = 16;

    /// <summary>Whose worker loads it.</summary>
    public string Backend => Name.EndsWith(".py", StringComparison.Ordinal) ? "pytorch" : "torchsharp";

    /// <exception cref="IOException">It cannot be read.</exception>
    public static PlugInFile Read(string name, string path) =>
        new(name, System.IO.Path.GetFullPath(path), HashOf(path));

    public static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Enough of a hash to show.</summary>
    public static string Short(string sha256) => sha256[..Math.Min(HashDigits, sha256.Length)];

    /// <summary>Where a copy is kept, by its content.</summary>
    public static string CopyIn(string folder, string name, string sha256) =>
        System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), Short(sha256), System.IO.Path.GetFileName(name));

    /// <summary>A copy by its content, so that what is edited later changes nothing that runs.</summary>
    public PlugInFile KeptIn(string folder)
    {
        var copy = CopyIn(folder, Name, Sha256);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
        if (!File.Exists(copy) || HashOf(copy) != Sha256)
        {
            File.Copy(Path, copy, overwrite: true);
        }

        return this with
        {
            Path = copy,
        };
    }

    /// <summary>For <see cref="WorkerSearch.ExtraVariants"/>: these files, and what the environment names beside them; null for what that says alone.</summary>
    public static string? Extra(IReadOnlyList<PlugInFile> files) =>
        files.Count == 0
            ? null
            : string.Join(
                System.IO.Path.PathSeparator,
                files
                    .Select(f => f.Path)
                    .Concat(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } more ? [more] : [])
            );

    /// <summary>Why the workers that these files are for do not take them.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<PlugInFile> files, WorkerCatalog catalog) =>
        files
            .Select(f => f.Backend)
            .Distinct(StringComparer.Ordinal)
            .Select(catalog.Find)
            .Select(status => status?.Said ?? status?.Problem)
            .OfType<string>();
}
