using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Engine.Devices;

/// <summary>
/// The machine-wide right to measure on a device: one locked file for each CPU or GPU it has, so that a second process
/// waits. The kernel drops the locks when the process dies, however it dies.
/// </summary>
public sealed class DeviceLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private const UnixFileMode Everyone =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    private const int LongestCommand = 120;

    private readonly List<FileStream> held;

    private DeviceLock(List<FileStream> held) => this.held = held;

    /// <summary>Shared by all users, as the CPUs are; LAYERBENCH_LOCKS names another folder.</summary>
    public static string DefaultFolder =>
        Environment.GetEnvironmentVariable("LAYERBENCH_LOCKS") is { Length: > 0 } folder
            ? folder
            : "/tmp/layerbench-devices";

    /// <summary>
    /// Waits until no other process, and no other run in this one, has any CPU or GPU of the device. Files are taken in
    /// one order everywhere, so that two who wait cannot wait for each other.
    /// </summary>
    /// <param name="onBusy">Told once for each new holder: <c>process 4711 (layerbench run a.yaml) since 12:00:00Z (cpu-0)</c>.</param>
    /// <exception cref="IOException">The folder cannot be used; the message says which.</exception>
    public static async Task<DeviceLock> AcquireAsync(
        DeviceInfo device,
        string folder,
        TimeProvider time,
        Action<string> onBusy,
        CancellationToken cancellation
    )
    {
        var files = new List<FileStream>();
        try
        {
            if (device.Kind != "simulated")
            {
                CreateFolder(folder);
            }

            foreach (var name in FileNames(device))
            {
                var path = Path.Combine(folder, name);
                string? told = null;
                FileStream? file;
                while ((file = TryLock(path)) is null)
                {
                    var holder = $"{HostFiles.Read(path + ".holder") ?? "an unknown process"} ({name})";
                    if (!string.Equals(holder, told, StringComparison.Ordinal))
                    {
                        onBusy(told = holder);
                    }

                    await Task.Delay(PollInterval, time, cancellation).ConfigureAwait(false);
                }

                files.Add(file);
                WriteHolder(path + ".holder", time.GetUtcNow());
            }
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }

        return new DeviceLock(files);
    }

    /// <summary>
    /// Who has a CPU or GPU of the device now; null: nobody. It is asked by a shared lock for a moment, so that whoever
    /// takes the device in that moment tries once more.
    /// </summary>
    public static DeviceHolder? HolderOf(DeviceInfo device, string folder) =>
        FileNames(device)
            .Select(name => Path.Combine(folder, name))
            .Where(IsHeld)
            .Select(path => new DeviceHolder(HostFiles.Read(path + ".holder") ?? "an unknown process"))
            .FirstOrDefault();

    public void Dispose()
    {
        held.ForEach(f => f.Dispose());
        held.Clear();
    }

    private static IEnumerable<string> FileNames(DeviceInfo device) =>
        device.Kind switch
        {
            "cpu" => device.Cpus.Order().Select(cpu => string.Create(CultureInfo.InvariantCulture, $"cpu-{cpu}")),
            "cuda" => [$"gpu-{device.Uuid ?? device.Id.Value.Replace(':', '-')}"],
            _ => [],
        };

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);

        // As /tmp itself: everyone may add files, none may remove another's. Set apart from the creation, which the umask narrows.
        SetMode(folder, Everyone | UnixFileMode.StickyBit | Execute);
    }

    private const UnixFileMode Execute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Null where another open file holds the lock (flock, by way of FileShare.None).</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            // First without O_CREAT: in a sticky folder the kernel refuses O_CREAT on another user's file (fs.protected_regular).
            return File.Exists(path)
                ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                : CreateLocked(path);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(
                $"The device lock {path} cannot be opened: {e.Message} Remove it, or set LAYERBENCH_LOCKS to a folder that all runs of this machine share.",
                e
            );
        }
    }

    private static bool IsHeld(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException e)
        {
            return IsHeld(e);
        }
        catch (UnauthorizedAccessException)
        {
            return false; // Nobody can tell who may not open it.
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static FileStream CreateLocked(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            SetMode(path, Everyone);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user created it in this moment, and has set its mode.
        }

        return file;
    }

    /// <summary>EWOULDBLOCK is 11 on Linux, 35 on macOS; the runtime hands the errno on as HResult.</summary>
    private static bool IsHeld(IOException e) =>
        e is not (DirectoryNotFoundException or FileNotFoundException)
        && e.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    /// <summary>What was typed, the program by its name, shortened.</summary>
    private static string Command()
    {
        var words = Environment.GetCommandLineArgs();
        var text = string.Join(' ', words.Skip(1).Prepend(Path.GetFileNameWithoutExtension(words[0])));
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestCommand ? text : text[..LongestCommand] + "…";
    }

    /// <summary>A text beside the lock, since a locked file cannot be opened to be read. Best effort: it only words a message.</summary>
    private static void WriteHolder(string path, DateTimeOffset now)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} ({Command()}) since {now:yyyy-MM-dd HH:mm:ss}Z"
        );
        try
        {
            File.WriteAllText(path, text);
            SetMode(path, Everyone);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's text; it will name a process that is gone.
        }
        catch (IOException)
        {
            // A full disk does not stop a lock from being held.
        }
    }
}
