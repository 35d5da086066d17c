namespace Layerbench.Engine.Devices;

/// <summary>Where the kernel shows the machine; a test gives a folder of its own.</summary>
public sealed record HostFiles(string Proc = "/proc", string Sys = "/sys")
{
    /// <summary>The file's text, trimmed; null where it is absent or may not be read, which on these files means "not known here".</summary>
    internal static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal string? ReadProc(string path) => Read(Path.Combine(Proc, path));

    internal string? ReadSys(string path) => Read(Path.Combine(Sys, path));

    /// <summary>The value after <paramref name="key"/> and a colon, of the first line that has it.</summary>
    internal string? ProcField(string path, string key)
    {
        foreach (var line in ReadProc(path)?.Split('\n') ?? [])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(key))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }
}
