namespace Layerbench.Cli.Doctor;

/// <summary>What of the machine decides how much its timings can be believed.</summary>
/// <param name="proc">The kernel's <c>/proc</c>; a test gives a folder of its own.</param>
/// <param name="sys">The kernel's <c>/sys</c>.</param>
internal sealed class MachineFindings(string proc = "/proc", string sys = "/sys")
{
    /// <summary>Below this a sweep's store may not fit: 1 GiB.</summary>
    private const long LeastFreeBytes = 1L << 30;

    public Finding Governor()
    {
        var text = Read(Path.Combine(sys, "devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        return text switch
        {
            null => new("governor", Health.Worse, "not shown by this kernel (usual in a virtual machine)"),
            "performance" => new("governor", Health.Good, text),
            _ => new(
                "governor",
                Health.Worse,
                $"{text}: the clock rate follows the load",
                "sudo cpupower frequency-set -g performance"
            ),
        };
    }

    public Finding Pressure() =>
        Read(Path.Combine(proc, "pressure/cpu")) is null
            ? new(
                "cpu pressure",
                Health.Worse,
                "/proc/pressure/cpu cannot be read: preempted samples are told by context switches alone",
                "boot with psi=1 on the kernel's command line"
            )
            : new("cpu pressure", Health.Good, "/proc/pressure/cpu is readable");

    public static Finding Disk(string folder)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        var said = $"{Units.Bytes(free)} free in {Path.GetFullPath(folder)}";
        return free < LeastFreeBytes
            ? new("disk", Health.Worse, said, "free some, or give `run --out` a folder on another disk")
            : new("disk", Health.Good, said);
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // The kernel does not have it, or not for us: both mean that it cannot be known here.
        }
    }
}
