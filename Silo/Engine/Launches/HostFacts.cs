using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Engine.Devices;

namespace Layerbench.Engine.Launches;

/// <summary>What the fingerprint says of the machine and of this program.</summary>
internal sealed class HostFacts(HostFiles files, string nvmlLibrary)
{
    private readonly ConcurrentDictionary<string, string> drivers = new(StringComparer.Ordinal);

    /// <summary><c>0.1.0</c> and the commit it was built from.</summary>
    public static (string Version, string Commit) Product { get; } = ReadProduct();

    /// <summary>Read for every launch, since a governor or a limit may change in between.</summary>
    public IReadOnlyDictionary<string, string> Read(DeviceInfo device)
    {
        var cgroup = new Cgroup(files);
        var firstCpu = device.Cpus.Count > 0 ? device.Cpus[0] : 0;
        var governor = string.Create(
            CultureInfo.InvariantCulture,
            $"devices/system/cpu/cpu{firstCpu}/cpufreq/scaling_governor"
        );
        var entries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device"] = device.Id.Value,
            ["device_model"] = device.Model,
            ["device_shared"] = device.Shared ? "true" : "false",
            ["cpu_model"] = DeviceDiscovery.CpuModel(files),
            [BlasKernels.VectorsEntry] = DeviceDiscovery.CpuVectors(files),
            ["kernel"] = files.ReadProc("sys/kernel/osrelease") ?? "unknown",
            ["governor"] = files.ReadSys(governor) ?? "unknown",
            ["turbo"] = Turbo(),
            ["smt"] = files.ReadSys("devices/system/cpu/smt/active") ?? "unknown",
            ["huge_pages"] = files.ReadSys("kernel/mm/transparent_hugepage/enabled") ?? "unknown",
            ["cgroup_cpu_quota"] = cgroup.CpuQuota()?.ToString(CultureInfo.InvariantCulture) ?? "none",
            ["cgroup_memory_bytes"] = cgroup.MemoryLimitBytes()?.ToString(CultureInfo.InvariantCulture) ?? "none",
            ["product_version"] = Product.Version,
            ["git_commit"] = Product.Commit,
        };
        if (device.Uuid is { } uuid)
        {
            entries["gpu_uuid"] = uuid;
            entries["gpu_driver"] = drivers.GetOrAdd(
                uuid,
                u => Nvml.Find(nvmlLibrary).FirstOrDefault(g => g.Uuid == u)?.DriverVersion ?? "unknown"
            );
        }

        return entries;
    }

    private string Turbo() =>
        files.ReadSys("devices/system/cpu/intel_pstate/no_turbo") is { } off ? (off == "0" ? "on" : "off")
        : files.ReadSys("devices/system/cpu/cpufreq/boost") is { } boost ? (boost == "1" ? "on" : "off")
        : "unknown";

    private static (string Version, string Commit) ReadProduct()
    {
        // "0.1.0+commit", as the SDK writes it where the sources are a git checkout.
        var text =
            typeof(HostFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown";
        return text.Split('+', 2) is [var version, var commit] ? (version, commit) : (text, "unknown");
    }
}
