using Layerbench.Engine.Stores;

namespace Layerbench.Engine.Output;

/// <summary>Replaces a file whole: readers see the old one or the new one, also after a crash.</summary>
public static class AtomicFile
{
    /// <param name="write">Writes the content; when it fails the old file stays.</param>
    /// <exception cref="StoreException">The disk is full, or the folder cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var draft = path + ".tmp";
        try
        {
            await using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                await write(stream);
                // On the disk before the name is: a crash in between must not leave an empty file under it.
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Discard(draft);
            throw StorageErrors.Of(error, path);
        }
        catch
        {
            Discard(draft);
            throw;
        }
    }

    private static void Discard(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written; the caller is being told so, and the next run overwrites the draft.
        }
    }
}
