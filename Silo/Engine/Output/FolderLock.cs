using System.Globalization;
using System.Runtime.InteropServices;
using Layerbench.Engine.Stores;
using Microsoft.Win32.SafeHandles;

namespace Layerbench.Engine.Output;

/// <summary>
/// One process at a time in a folder: an exclusive lock on a file (flock), which the system gives up when the process
/// ends, however it ends. The file says who holds it, and stays behind: deleting it would let two hold it.
/// </summary>
public sealed partial class FolderLock : IDisposable
{
    private readonly FileStream locked;
    private readonly long header;
    private bool noted;

    private FolderLock(FileStream locked) => (this.locked, header) = (locked, locked.Length);

    /// <param name="folder">What errors call it.</param>
    /// <param name="path">The file, made where there is none.</param>
    /// <exception cref="StoreException">Another process holds it, or it cannot be written.</exception>
    public static FolderLock Take(string folder, string path, TimeProvider time)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, time.GetLocalNow());
            file.SetLength(0);
            file.Write(System.Text.Encoding.UTF8.GetBytes(holder.Text));
            file.Flush();
            return new FolderLock(file);
        }
        catch (IOException error) when (file is null && IsHeld(error))
        {
            throw new StoreException(
                StoreProblem.InUse,
                $"'{folder}' is in use by {Describe(path, time)}; wait for it or choose another --out",
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Abandon(file);
            throw StorageErrors.Of(error, path);
        }
    }

    /// <summary>What the file says beside its holder, for those who look; it stays behind with what was said last.</summary>
    /// <param name="text">Lines; empty: nothing is left to be said.</param>
    public void Note(string text)
    {
        try
        {
            locked.SetLength(header);
            locked.Position = header;
            locked.Write(System.Text.Encoding.UTF8.GetBytes(text));
            locked.Flush();
            noted = text.Length > 0;
        }
        catch (IOException)
        {
            // A full disk: whoever looks is told less.
        }
    }

    /// <summary>What the file says, and whether its holder is alive; empty where nobody has held it.</summary>
    public static (string Text, bool IsHeld) Look(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return ("", false);
        }

        try
        {
            using var reader = new StreamReader(path);
            return (reader.ReadToEnd(), false);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return (Peek(path), true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ("", false);
        }
    }

    public void Dispose()
    {
        if (!noted)
        {
            locked.SetLength(0);
        }

        locked.Dispose();
    }

    private static void Abandon(FileStream? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // It holds bytes that the full disk does not take, which is what the caller is being told.
        }
    }

    // EWOULDBLOCK on Linux (11) and macOS (35), a sharing violation on Windows (32).
    private static bool IsHeld(IOException error) => (error.HResult & 0xffff) is 11 or 35 or 32;

    private static string Describe(string path, TimeProvider time)
    {
        if (Holder.Read(Peek(path)) is not { } holder)
        {
            return "another layerbench process";
        }

        var now = time.GetLocalNow();
        var started = holder.Started.ToOffset(now.Offset);
        var when = started.ToString(
            started.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm",
            CultureInfo.InvariantCulture
        );
        var host = string.Equals(holder.Host, Environment.MachineName, StringComparison.Ordinal)
            ? ""
            : $" on {holder.Host}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"layerbench process {holder.ProcessId}{host} (started {when})"
        );
    }

    /// <summary>Reads past the lock: .NET's own opening asks for a shared flock and so fails while the file is held.</summary>
    private static string Peek(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return "";
        }

        using var handle = new SafeFileHandle(OpenUnlocked(path, flags: 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(handle, FileAccess.Read));
        return reader.ReadToEnd();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenUnlocked(string path, int flags);

    private sealed record Holder(int ProcessId, string Host, DateTimeOffset Started)
    {
        public string Text =>
            string.Create(CultureInfo.InvariantCulture, $"pid {ProcessId}\nhost {Host}\nstarted {Started:O}\n");

        /// <summary>Null where the holder has not written it yet.</summary>
        public static Holder? Read(string text) =>
            text.Split('\n') is [var pid, var host, var started, ..]
            && int.TryParse(After(pid, "pid "), CultureInfo.InvariantCulture, out var processId)
            && DateTimeOffset.TryParse(
                After(started, "started "),
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var at
            )
                ? new Holder(processId, After(host, "host "), at)
                : null;

        private static string After(string line, string key) =>
            line.StartsWith(key, StringComparison.Ordinal) ? line[key.Length..] : "";
    }
}
