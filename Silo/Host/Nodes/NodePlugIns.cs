using Layerbench.Engine.Workers;

namespace Layerbench.Silo.Nodes;

/// <summary>The plug-ins that the operator has put on the node.</summary>
internal static class NodePlugIns
{
    /// <summary>
    /// Copies by their content, always in the same place, which is part of what a launch's environment is told by: what is
    /// edited while the silo runs is not run.
    /// </summary>
    private static string Folder =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "layerbench",
            "plugins"
        );

    /// <exception cref="IOException">A file cannot be read or copied.</exception>
    public static IReadOnlyList<PlugInFile> Take(IReadOnlyList<string> files) =>
        [.. files.Select(f => PlugInFile.Read(f, f).KeptIn(Folder))];

    public static IEnumerable<string> Errors(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            if (!file.EndsWith(".py", StringComparison.Ordinal) && !file.EndsWith(".dll", StringComparison.Ordinal))
            {
                yield return $"PlugIns: '{file}' is no plug-in; name a file that ends in .py (PyTorch) or .dll (TorchSharp)";
            }
            else if (!File.Exists(file))
            {
                yield return $"PlugIns: '{file}' does not exist; give its path on this machine, e.g. in a folder that all nodes share";
            }
        }
    }
}
