namespace Layerbench.Cli.Tests;

/// <summary>A folder of one test's own.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("layerbench-cli-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public CommandLine Command => new(Path);

    public string Write(string file, string text)
    {
        File.WriteAllText(this[file], text);
        return this[file];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
