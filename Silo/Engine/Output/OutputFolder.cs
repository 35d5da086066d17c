using Layerbench.Core;
using Layerbench.Engine.Stores;

namespace Layerbench.Engine.Output;

/// <summary>
/// A run's output folder, this process's alone until it is disposed: the store, and what is derived from it.
/// </summary>
public sealed class OutputFolder : IAsyncDisposable
{
    /// <summary>The store's name in the folder.</summary>
    public const string StoreName = "layerbench.db";

    private const string LockName = "layerbench.lock";

    private readonly FolderLock folderLock;

    private OutputFolder(string path, FolderLock held, SqliteResultStore store)
    {
        Path = path;
        folderLock = held;
        Store = store;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    public SqliteResultStore Store { get; }

    /// <summary>Makes the folder where there is none, takes its lock and opens its store.</summary>
    /// <exception cref="StoreException">
    /// It is in use, not a folder, cannot be written or is on a full disk, or its store is not ours or a newer version's.
    /// </exception>
    public static OutputFolder Open(string path, TimeProvider time)
    {
        var folder = Make(path);
        var held = FolderLock.Take(folder, System.IO.Path.Combine(folder, LockName), time);
        try
        {
            return new OutputFolder(folder, held, SqliteResultStore.Open(System.IO.Path.Combine(folder, StoreName)));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The store of a folder, to read; also while a run is writing to it.</summary>
    /// <exception cref="StoreException">There is none, or not one that this build reads.</exception>
    public static SqliteResultStore OpenForReading(string path) =>
        SqliteResultStore.OpenForReading(System.IO.Path.Combine(path, StoreName));

    /// <summary>Says, for whoever reads the folder, which sweep is run in it from now on.</summary>
    /// <param name="cells">Null: too many to be counted.</param>
    public void Begin(SweepId sweep, long? cells) => folderLock.Note(new RunInFolder(sweep, cells, true).Text);

    /// <summary>The sweep has been run to its end: there is nothing to go on with.</summary>
    public void Finish() => folderLock.Note("");

    /// <summary>The run that has the folder, or the last one where that ended before its sweep did; null: there is neither.</summary>
    public static RunInFolder? RunIn(string path)
    {
        var (text, isHeld) = FolderLock.Look(System.IO.Path.Combine(path, LockName));
        return RunInFolder.Read(text, isHeld);
    }

    /// <summary>Whether a process has the folder.</summary>
    public static bool IsHeld(string path) => FolderLock.Look(System.IO.Path.Combine(path, LockName)).IsHeld;

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folderLock.Dispose();
    }

    private static string Make(string path)
    {
        try
        {
            var folder = System.IO.Path.GetFullPath(path);
            if (File.Exists(folder))
            {
                throw NotAFolder(path, "is a file", inner: null);
            }

            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (ArgumentException error)
        {
            throw NotAFolder(path, "is no path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var explained = StorageErrors.Of(error, path);
            throw explained.Problem == StoreProblem.Failed
                ? NotAFolder(path, $"cannot be made ({error.Message})", error)
                : explained;
        }
    }

    private static StoreException NotAFolder(string path, string why, Exception? inner) =>
        new(StoreProblem.NotAFolder, $"'{path}' {why}; --out takes a folder: choose another", inner);
}
