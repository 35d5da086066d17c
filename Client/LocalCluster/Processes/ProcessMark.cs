using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Layerbench.LocalCluster.Processes;

/// <summary>
/// A process that another program may have started: its id and when it began, because ids are used again. Read from
/// <c>/proc/ID/stat</c> (proc(5)).
/// </summary>
/// <param name="StartTicks">Clock ticks from the machine's start to the process's.</param>
public sealed partial record ProcessMark(int Id, long StartTicks)
{
    private const long TicksPerSecond = 100; // sysconf(_SC_CLK_TCK), 100 on every Linux since 2.6 as user programs see it

    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it runs still. One that has ended and whose parent has not asked how is dead.</summary>
    [JsonIgnore]
    public bool IsAlive => Read(Id) is { State: not ('Z' or 'X') } now && now.StartTicks == StartTicks;

    /// <summary>Processor time of it and of children that it has waited for, in user and kernel mode.</summary>
    [JsonIgnore]
    public TimeSpan ProcessorTime =>
        Read(Id) is { } now && now.StartTicks == StartTicks
            ? TimeSpan.FromSeconds((double)now.CpuTicks / TicksPerSecond)
            : default;

    /// <summary>Null: there is no such process.</summary>
    public static ProcessMark? Of(int id) =>
        Read(id) is { State: not ('Z' or 'X') } now ? new ProcessMark(id, now.StartTicks) : null;

    /// <summary>The processes that it has started and that run still.</summary>
    public IEnumerable<ProcessMark> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id) is { State: not ('Z' or 'X') } child
                && child.Parent == Id
            )
            {
                yield return new ProcessMark(id, child.StartTicks);
            }
        }
    }

    /// <summary>It and all below it.</summary>
    public IEnumerable<ProcessMark> Tree() => Children().SelectMany(c => c.Tree()).Prepend(this);

    /// <summary>Sends a signal; nothing happens where the process is gone.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool Send(ProcessSignal signal) => IsAlive && Kill(Id, (int)signal) == 0;

    /// <returns>Whether it ended within this time.</returns>
    public async Task<bool> HasEndedAsync(TimeSpan within, TimeProvider time, CancellationToken cancellation = default)
    {
        var since = time.GetTimestamp();
        while (IsAlive)
        {
            if (time.GetElapsedTime(since) > within)
            {
                return false;
            }

            await Task.Delay(lookAgain, time, cancellation);
        }

        return true;
    }

    private static Stat? Read(int id)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, perhaps between two looks
        }

        // The program's name, in parentheses, may itself have blanks and parentheses.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new Stat(
            fields[0][0],
            (int)Number(fields[1]),
            Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]),
            Number(fields[19])
        );
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    private readonly record struct Stat(char State, int Parent, long CpuTicks, long StartTicks);
}

/// <summary>signal(7), numbers as on x86 and ARM.</summary>
public enum ProcessSignal
{
    None = 0,

    /// <summary>Ends it at once; nothing of it runs any more.</summary>
    Kill = 9,

    /// <summary>Asks it to end.</summary>
    Terminate = 15,

    /// <summary>Lets it go on.</summary>
    Continue = 18,

    /// <summary>It stays, and runs no more: what a hung process looks like from outside.</summary>
    Stop = 19,
}
