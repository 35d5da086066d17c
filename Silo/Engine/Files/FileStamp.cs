namespace Layerbench.Engine.Files;

/// <summary>
/// By which a file is known to be another one than before. Links are followed: a mounted secret of Kubernetes is a link
/// through a folder that is a link itself, and changes by that one alone.
/// </summary>
public readonly record struct FileStamp(string Target, DateTime WrittenAt, long Bytes)
{
    /// <summary>Of a file that is not there: a stamp that no file has.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = (FileInfo)(File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path));
            var folder = file.Directory?.ResolveLinkTarget(returnFinalTarget: true) ?? file.Directory;
            return new FileStamp($"{folder}/{file.Name}", file.LastWriteTimeUtc, file.Length);
        }
        catch (IOException)
        {
            return default;
        }
    }
}
