using System.Globalization;

namespace Layerbench.Engine.Devices;

/// <summary>
/// The container's limits on this process, cgroup v2 or v1. A limit of any ancestor binds, so all are read; inside a
/// container the path in /proc/self/cgroup may be the host's, of which only the root is mounted, so missing folders
/// are passed over. Source: kernel documentation, admin-guide/cgroup-v2.rst and cgroup-v1/.
/// </summary>
internal sealed class Cgroup(HostFiles files)
{
    /// <summary>v1 reports "no limit" as the largest page-aligned 64-bit number.</summary>
    private const long NoMemoryLimit = 1L << 60;

    /// <summary>CPUs' worth of time per second, e.g. 1.5; null where there is no quota.</summary>
    public double? CpuQuota()
    {
        double? least = null;
        foreach (var folder in Folders("cpu"))
        {
            var quota = QuotaIn(folder);
            least = quota is not null && (least is null || quota < least) ? quota : least;
        }

        return least;
    }

    /// <summary>The least limit; null where there is none.</summary>
    public long? MemoryLimitBytes()
    {
        long? least = null;
        foreach (var folder in Folders("memory"))
        {
            foreach (var name in (ReadOnlySpan<string>)["memory.max", "memory.limit_in_bytes"])
            {
                if (
                    long.TryParse(
                        HostFiles.Read(Path.Combine(folder, name)),
                        CultureInfo.InvariantCulture,
                        out var limit
                    ) && limit is > 0 and < NoMemoryLimit
                )
                {
                    least = Math.Min(least ?? long.MaxValue, limit);
                }
            }
        }

        return least;
    }

    /// <summary>
    /// Processes that the kernel has killed for memory: of this process's cgroups and, from /proc/vmstat, of the whole
    /// machine. Only its growth means anything, and only together with a child that died of signal 9.
    /// </summary>
    public long OutOfMemoryKills()
    {
        var kills = Counter(files.ReadProc("vmstat"), "oom_kill");
        foreach (var folder in Folders("memory"))
        {
            kills += Counter(HostFiles.Read(Path.Combine(folder, "memory.events")), "oom_kill");
            kills += Counter(HostFiles.Read(Path.Combine(folder, "memory.oom_control")), "oom_kill");
        }

        return kills;
    }

    private static long Counter(string? text, string key)
    {
        foreach (var line in text?.Split('\n') ?? [])
        {
            var parts = line.Split(' ');
            if (
                parts.Length == 2
                && string.Equals(parts[0], key, StringComparison.Ordinal)
                && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var count)
            )
            {
                return count;
            }
        }

        return 0;
    }

    private static double? QuotaIn(string folder)
    {
        var both = HostFiles.Read(Path.Combine(folder, "cpu.max"))?.Split(' ');
        var quota = both is { Length: 2 } ? both[0] : HostFiles.Read(Path.Combine(folder, "cpu.cfs_quota_us"));
        var period = both is { Length: 2 } ? both[1] : HostFiles.Read(Path.Combine(folder, "cpu.cfs_period_us"));
        return
            long.TryParse(quota, CultureInfo.InvariantCulture, out var q)
            && long.TryParse(period, CultureInfo.InvariantCulture, out var p)
            && q > 0
            && p > 0
            ? (double)q / p
            : null;
    }

    /// <summary>The controller's folders for this process, from its own up to the mount, v1 and v2.</summary>
    private IEnumerable<string> Folders(string controller)
    {
        var root = Path.Combine(files.Sys, "fs/cgroup");
        foreach (var line in files.ReadProc("self/cgroup")?.Split('\n') ?? [])
        {
            // hierarchy:controllers:path; v2 is "0::path".
            var parts = line.Split(':', 3);
            if (parts.Length < 3)
            {
                continue;
            }

            var controllers = parts[1].Split(',');
            string[] mounts = parts[1].Length == 0 ? ["", "unified"] : [parts[1], controller];
            if (parts[1].Length > 0 && !controllers.Contains(controller, StringComparer.Ordinal))
            {
                continue;
            }

            foreach (var mount in mounts.Distinct(StringComparer.Ordinal))
            {
                var path = parts[2].TrimEnd('/');
                while (true)
                {
                    yield return Path.Combine(root, mount) + path;
                    if (path.Length == 0)
                    {
                        break;
                    }

                    path = path[..path.LastIndexOf('/')];
                }
            }
        }
    }
}
