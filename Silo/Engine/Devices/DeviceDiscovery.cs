using System.Globalization;
using System.Runtime.InteropServices;
using Layerbench.Core;
using Layerbench.Core.Analysis;

namespace Layerbench.Engine.Devices;

/// <summary>What this process may measure on: the CPUs it may use, as one device, and every NVIDIA GPU it can see.</summary>
public sealed class DeviceDiscovery(HostFiles files, string nvmlLibrary, string? visibleGpus)
{
    /// <summary>This machine, as this process sees it.</summary>
    public static DeviceDiscovery OfThisMachine() =>
        new(new HostFiles(), Nvml.DefaultLibrary, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));

    /// <summary>The <c>cpu</c> device first, then <c>cuda:0</c>, <c>cuda:1</c>, … as NVML numbers them.</summary>
    public IReadOnlyList<DeviceInfo> Find() => [Cpu(), .. Gpus()];

    private DeviceInfo Cpu()
    {
        // The kernel's own answer to sched_getaffinity, with the cpuset taken into account.
        var allowed = CpuList.TryParse(files.ProcField("self/status", "Cpus_allowed_list") ?? "");
        allowed ??= [.. Enumerable.Range(0, Environment.ProcessorCount)];

        // Whole CPUs only: with a quota of 1.5 a second busy thread would be throttled within every period.
        var cgroup = new Cgroup(files);
        if (cgroup.CpuQuota() is { } quota && quota < allowed.Count)
        {
            allowed = [.. allowed.Take(Math.Max(1, (int)quota))];
        }

        var memory = Math.Min(TotalMemory(), cgroup.MemoryLimitBytes() ?? long.MaxValue);
        return new DeviceInfo(new DeviceId("cpu"), "cpu", CpuModel(files), allowed, memory);
    }

    private IEnumerable<DeviceInfo> Gpus()
    {
        var cpus = Cpu().Cpus;
        return Nvml.Find(nvmlLibrary)
            .Where(gpu => IsVisible(gpu))
            .Select(gpu => new DeviceInfo(
                new DeviceId(string.Create(CultureInfo.InvariantCulture, $"cuda:{gpu.Index}")),
                "cuda",
                gpu.Name,
                cpus,
                gpu.MemoryBytes,
                gpu.Uuid
            ));
    }

    /// <summary>CUDA_VISIBLE_DEVICES holds numbers or the beginnings of UUIDs; the first that names no GPU ends the list (CUDA C programming guide).</summary>
    private bool IsVisible(Gpu gpu) =>
        visibleGpus is null
        || visibleGpus
            .Split(',', StringSplitOptions.TrimEntries)
            .TakeWhile(name => name.Length > 0 && !name.StartsWith('-'))
            .Any(name =>
                int.TryParse(name, CultureInfo.InvariantCulture, out var index)
                    ? index == gpu.Index
                    : gpu.Uuid.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            );

    internal static string CpuModel(HostFiles files) =>
        files.ProcField("cpuinfo", "model name")
        ?? files.ProcField("cpuinfo", "Model")
        ?? $"{RuntimeInformation.ProcessArchitecture} CPU";

    /// <summary>The widest vector instructions of <see cref="BlasKernels.Vectors"/>; <c>unknown</c> where the kernel lists none of them.</summary>
    public static string CpuVectors(HostFiles files)
    {
        var flags = (files.ProcField("cpuinfo", "flags") ?? "").Split(' ');
        return BlasKernels.Vectors.LastOrDefault(v => flags.Contains(v, StringComparer.Ordinal)) ?? "unknown";
    }

    private long TotalMemory() =>
        files.ProcField("meminfo", "MemTotal")?.Split(' ')[0] is { } text
        && long.TryParse(text, CultureInfo.InvariantCulture, out var kib)
            ? kib * 1024
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
