using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Workers;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Sweeping;

/// <summary>The files that a sweep has its own variants from.</summary>
/// <remarks>
/// A run works with copies in its own folder, by their content's hash, so that what is edited later changes neither a
/// run nor its continuation; and the hash is part of what a sweep is named by.
/// </remarks>
internal sealed record PlugIns(IReadOnlyList<PlugInFile> Files)
{
    private const string FolderName = "plugins";

    public static PlugIns None { get; } = new([]);

    public bool Any => Files.Count > 0;

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
    public PlugIns KeptIn(string folder) => new([.. Files.Select(f => f.KeptIn(Path.Combine(folder, FolderName)))]);

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Copy(string folder, string name, string hash) =>
        PlugInFile.CopyIn(Path.Combine(folder, FolderName), name, hash);

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
            else if (PlugInFile.HashOf(path) is var hash && plugIn.Sha256 is { } expected && hash != expected)
            {
                wrong.Add(
                    $"plugins: '{plugIn.File}' has the SHA-256 {PlugInFile.Short(hash)}…, and the sweep says {PlugInFile.Short(expected)}… ({path}); {repair}"
                );
            }
            else
            {
                files.Add(new(plugIn.File, path, hash));
            }
        }

        return wrong.Count == 0 ? new(files) : throw new BadInputException(wrong);
    }
}
