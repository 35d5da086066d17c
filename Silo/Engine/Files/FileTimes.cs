namespace Layerbench.Engine.Files;

/// <summary>When a file that is watched for changes was written.</summary>
public static class FileTimes
{
    /// <summary>
    /// Of the file itself where the path is a link: secrets of Kubernetes are links to a folder that is swapped, and a link's
    /// own time stays. Null: it is not there.
    /// </summary>
    public static DateTime? WrittenAt(string path) =>
        File.Exists(path)
            ? (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)).LastWriteTimeUtc
            : null;
}
