using System.Diagnostics;

namespace Layerbench.LocalCluster.Processes;

/// <summary>Starts programs that outlive this one: in a session of their own, their output in a file.</summary>
public static class Detached
{
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Beside this process's own; null: without that variable.</param>
    /// <param name="log">Appended to.</param>
    public static ProcessMark Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string?> environment,
        string log
    )
    {
        // The shell opens the log and becomes setsid, which becomes the program: one process, whose id is the program's.
        var info = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec setsid \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. command]
        )
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        // One that has ended already has a mark that nothing alive has.
        return ProcessMark.Of(process.Id) ?? new ProcessMark(process.Id, StartTicks: -1);
    }

    /// <summary>The last line of a log that says something, for a message; the log's own name where there is none.</summary>
    public static string LastWords(string log)
    {
        try
        {
            var lines = File.ReadLines(log).Where(l => l.Trim().Length > 0).TakeLast(50).ToList();
            var said =
                lines.LastOrDefault(l =>
                    l.StartsWith("layerbench", StringComparison.Ordinal)
                    || l.Contains("FATAL", StringComparison.Ordinal)
                ) ?? lines.LastOrDefault();
            return said is null ? $"it said nothing ({log})" : $"{said.Trim()} ({log})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return log;
        }
    }
}
