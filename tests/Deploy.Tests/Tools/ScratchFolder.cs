namespace Layerbench.Deploy.Tests.Tools;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("layerbench-deploy-").FullName;

    public string Write(string name, string content)
    {
        var path = Place(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A file of the repository, at the same place in here.</summary>
    public string Copy(string file)
    {
        var path = Place(file);
        File.Copy(Repository.At(file), path, overwrite: true);
        return path;
    }

    private string Place(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
