using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Fingerprint;

/// <summary>
/// The entries of the fingerprint that only this process knows. They are the same for every launch of one configuration:
/// no time, no process number, nothing that is measured.
/// </summary>
internal static class EnvironmentEntries
{
    /// <summary>The package's version, without the commit behind the plus.</summary>
    public static string TorchSharpVersion { get; } =
        typeof(torch)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    /// <summary>To be read after libtorch has computed something, so that all its libraries are mapped.</summary>
    public static IReadOnlyDictionary<string, string> Read(ComputeDevice device)
    {
        var libraries = MappedLibraries.Read();
        var entries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["framework"] = $"TorchSharp {TorchSharpVersion}",
            ["libtorch"] = torch.__version__,
            ["blas"] = libraries.Blas,
            ["openmp"] = libraries.OpenMp,
            ["allocator"] = libraries.Allocator,
            ["threads"] = torch.get_num_threads().ToString(CultureInfo.InvariantCulture),
            ["interop_threads"] = torch.get_num_interop_threads().ToString(CultureInfo.InvariantCulture),
            ["affinity"] = Affinity(),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["gc"] = GCSettings.IsServerGC ? "server" : "workstation, not concurrent",
        };
        if (libraries.OpenBlasKernels() is { } kernels)
        {
            entries["blas_kernels"] = kernels;
        }

        foreach (var (name, value) in device.Entries().Concat(PlugIns.Entries()))
        {
            entries[name] = value;
        }

        return entries;
    }

    private static string Affinity() =>
        File.ReadLines("/proc/self/status")
            .FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "unavailable";
}
