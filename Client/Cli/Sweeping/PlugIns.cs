using System.Security.Cryptography;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Sweeping;

/// <summary>A sweep's plug-in, found.</summary>
/// <param name="Name">As the sweep has it.</param>
/// <param name="Path">Absolute.</param>
internal sealed record PlugInFile(string Name, string Path, string Sha256);

/// <summary>The files that a sweep has its own variants from.</summary>
/// <remarks>
/// A run works with copies in its own folder, by their content's hash, so that what is edited later changes neither a
/// run nor its continuation; and the hash is part of what a sweep is named by.
/// </remarks>
internal sealed record PlugIns(IReadOnlyList<PlugInFile> Files)
{
    private const string FolderName = "plugins";

    /// <summary>Of a folder's name, enough to tell two versions of one file apart.</summary>
    private const int HashDigits = 16;

    public static PlugIns None { get; } = new([]);

    public bool Any => Files.Count > 0;

    /// <summary>For the workers: these files, and what the environment names beside them; null for what that says alone.</summary>
    public string? Extra =>
        Any
            ? string.Join(
                Path.PathSeparator,
                Files
                    .Select(f => f.Path)
                    .Concat(
                        Environment.GetEnvironmentVariable("LAYERBENCH_EXTRA_VARIANTS") is { Length: > 0 } more
                            ? [more]
                            : []
                    )
            )
            : null;

    /// <summary>A setting that names the files with their content.</summary>
    public string? Setting =>
        Any
            ? $"plugins=[{string.Join(", ", Files.Select(f => $"{{file: {Quoted(f.Name)}, sha256: {Quoted(f.Sha256)}}}"))}]"
            : null;

    /// <summary>Of a sweep file, which names them from its own folder.</summary>
    /// <exception cref="BadInputException">A file is not there, or has another content than the sweep says.</exception>
    public static PlugIns OfFile(string sweep, IReadOnlyList<string> settings) =>
        Found(
            SweepFile.PlugInsOfFile(sweep, settings),
            plugIn => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(sweep)) ?? "", plugIn.File),
            "check the name; it is looked for from the sweep file's folder"
        );

    /// <summary>Of a sweep that a run's folder has, from the copies there.</summary>
    /// <exception cref="BadInputException">A copy is gone or changed.</exception>
    public static PlugIns OfRun(SweepRecord sweep, string folder) =>
        Found(
            SweepFile.PlugInsOf(sweep.Spec, []),
            plugIn => Copy(folder, plugIn.File, plugIn.Sha256 ?? ""),
            "put the run's copy back, or run the sweep file again"
        );

    /// <summary>Copies into a run's folder.</summary>
    public PlugIns KeptIn(string folder)
    {
        List<PlugInFile> kept = [];
        foreach (var file in Files)
        {
            var copy = Copy(folder, file.Name, file.Sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!File.Exists(copy) || HashOf(copy) != file.Sha256)
            {
                File.Copy(file.Path, copy, overwrite: true);
            }

            kept.Add(file with { Path = copy });
        }

        return new(kept);
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Copy(string folder, string name, string hash) =>
        Path.Combine(
            Path.GetFullPath(folder),
            FolderName,
            hash[..Math.Min(HashDigits, hash.Length)],
            Path.GetFileName(name)
        );

    private static PlugIns Found(IReadOnlyList<PlugIn> named, Func<PlugIn, string> pathOf, string repair)
    {
        List<PlugInFile> files = [];
        List<string> wrong = [];
        foreach (var plugIn in named)
        {
            var path = Path.GetFullPath(pathOf(plugIn));
            if (!File.Exists(path))
            {
                wrong.Add($"plugins: '{plugIn.File}' does not exist ({path}); {repair}");
            }
            else if (HashOf(path) is var hash && plugIn.Sha256 is { } expected && hash != expected)
            {
                wrong.Add(
                    $"plugins: '{plugIn.File}' has the SHA-256 {hash[..HashDigits]}…, and the sweep says {expected[..HashDigits]}… ({path}); {repair}"
                );
            }
            else
            {
                files.Add(new(plugIn.File, path, hash));
            }
        }

        return wrong.Count == 0 ? new(files) : throw new BadInputException(wrong);
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
