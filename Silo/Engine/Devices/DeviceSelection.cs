using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Engine.Devices;

/// <summary>The devices that a sweep's patterns name, or everything that is wrong with the patterns.</summary>
public sealed record DeviceSelection(IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<string> Errors)
{
    /// <summary>Most simulated devices in one run.</summary>
    public const int MaximumSimulated = 10_000;

    /// <summary>What a simulated device says it has, as an H100: 80 GiB.</summary>
    private const long SimulatedMemoryBytes = 80L << 30;

    /// <param name="patterns"><c>auto</c>, <c>cpu</c>, <c>cpu:0-3</c>, <c>cpu:0,2</c>, <c>cuda:0</c>, <c>cuda:*</c>, <c>simulated:64</c>.</param>
    /// <param name="available">What <see cref="DeviceDiscovery"/> found.</param>
    public static DeviceSelection Resolve(IReadOnlyList<string> patterns, IReadOnlyList<DeviceInfo> available)
    {
        var devices = new List<DeviceInfo>();
        var errors = new List<string>();
        foreach (var pattern in patterns)
        {
            Add(pattern.Trim(), available, devices, errors);
        }

        if (patterns.Count == 0)
        {
            errors.Add($"devices: none is given; give at least one of {Known(available)}");
        }

        devices = [.. devices.DistinctBy(d => d.Id)];
        RefuseOverlaps(devices, errors);
        if (devices.Exists(IsSimulated) && !devices.TrueForAll(IsSimulated))
        {
            errors.Add(
                "devices: simulated devices stand beside real ones, whose time would run at another pace; run them apart"
            );
        }

        return errors.Count > 0 ? new([], errors) : new(MarkShared(devices), []);
    }

    private static void Add(
        string pattern,
        IReadOnlyList<DeviceInfo> available,
        List<DeviceInfo> devices,
        List<string> errors
    )
    {
        var (kind, rest) = pattern.Split(':', 2) is [var k, var r] ? (k, r) : (pattern, null);
        var before = devices.Count;
        switch (kind)
        {
            case "auto" when rest is null:
                var gpus = available.Where(d => d.Kind == "cuda").ToList();
                devices.AddRange(gpus.Count > 0 ? gpus : available.Where(d => d.Kind == "cpu"));
                break;
            case "cpu" when rest is not null && available.FirstOrDefault(d => d.Id.Value == "cpu") is { } cpu:
                AddCpuSet(pattern, rest, cpu, devices, errors);
                return;
            case "cuda" when rest is null or "*":
                devices.AddRange(available.Where(d => d.Kind == "cuda"));
                break;
            case "simulated":
                AddSimulated(pattern, rest, devices, errors);
                return;
            default:
                devices.AddRange(available.Where(d => d.Id.Value == pattern));
                break;
        }

        if (devices.Count == before)
        {
            errors.Add($"devices: '{pattern}' names no device of this machine; it has {Known(available)}");
        }
    }

    private static void AddCpuSet(
        string pattern,
        string list,
        DeviceInfo cpu,
        List<DeviceInfo> devices,
        List<string> errors
    )
    {
        if (CpuList.TryParse(list) is not { } cpus)
        {
            errors.Add($"devices: '{pattern}' is no list of CPUs; write cpu:0-3 or cpu:0,2");
            return;
        }

        var foreign = cpus.Except(cpu.Cpus).ToList();
        if (foreign.Count > 0)
        {
            errors.Add(
                $"devices: '{pattern}' has CPU {CpuList.Format(foreign)}, which this process may not use; "
                    + $"choose among {CpuList.Format(cpu.Cpus)}"
            );
            return;
        }

        devices.Add(cpu with { Id = new DeviceId($"cpu:{CpuList.Format(cpus)}"), Cpus = cpus });
    }

    private static void AddSimulated(string pattern, string? rest, List<DeviceInfo> devices, List<string> errors)
    {
        if (
            !int.TryParse(rest ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > MaximumSimulated
        )
        {
            errors.Add($"devices: '{pattern}' must count 1 to {MaximumSimulated} devices; write simulated:64");
            return;
        }

        devices.AddRange(
            Enumerable
                .Range(0, count)
                .Select(i => new DeviceInfo(
                    new DeviceId(string.Create(CultureInfo.InvariantCulture, $"simulated:{i}")),
                    "simulated",
                    "simulated",
                    [],
                    SimulatedMemoryBytes
                ))
        );
    }

    private static void RefuseOverlaps(List<DeviceInfo> devices, List<string> errors)
    {
        var sets = devices.FindAll(d => d.Kind == "cpu");
        for (var i = 0; i < sets.Count; i++)
        {
            for (var j = i + 1; j < sets.Count; j++)
            {
                var both = sets[i].Cpus.Intersect(sets[j].Cpus).ToList();
                if (both.Count > 0)
                {
                    errors.Add(
                        $"devices: '{sets[i].Id}' and '{sets[j].Id}' both have CPU {CpuList.Format(both)}; "
                            + "a CPU can be measured by one device at a time: make the sets disjoint"
                    );
                }
            }
        }
    }

    /// <summary>CPU sets side by side share caches, bandwidth and memory: each says so, and may fill an equal part of the memory.</summary>
    private static List<DeviceInfo> MarkShared(List<DeviceInfo> devices)
    {
        var sets = devices.Count(d => d.Kind == "cpu");
        return sets < 2
            ? devices
            : devices.ConvertAll(d =>
                d.Kind == "cpu" ? d with { Shared = true, MemoryBytes = d.MemoryBytes / sets } : d
            );
    }

    private static bool IsSimulated(DeviceInfo device) => device.Kind == "simulated";

    private static string Known(IReadOnlyList<DeviceInfo> available) =>
        string.Join(
            ", ",
            available
                .Select(d => d.Kind == "cpu" ? $"{d.Id} (CPUs {CpuList.Format(d.Cpus)})" : d.Id.Value)
                .Append("auto")
                .Append("simulated:N")
        );
}
