using System.Globalization;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Native;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Memory;

/// <summary>Peak bytes of one iteration over what is resident before it.</summary>
internal static class PeakMemory
{
    /// <returns>A peak for each variant, and the method's name.</returns>
    public static (IReadOnlyList<long> PeakBytes, string Method) Measure(
        IReadOnlyList<GatedVariant> variants,
        ComputeDevice device
    ) =>
        device is CudaDevice
            ? (
                [.. variants.Select(v => VariantException.Blame(v.Label, () => OfFreeMemory(v.Workload, device)))],
                "cuda_free_difference"
            )
            : ([.. variants.Select(v => VariantException.Blame(v.Label, () => OfHighWaterMark(v.Workload)))], "vmhwm");

    /// <summary>
    /// Linux: <c>5</c> in clear_refs sets VmHWM to the present resident size (Documentation/filesystems/proc.rst). It
    /// tells what the iteration needs only where freed memory goes back at once: glibc's malloc with low mmap and trim
    /// thresholds, which the engine sets.
    /// </summary>
    private static long OfHighWaterMark(Workload workload)
    {
        RunOnce(workload);
        workload.DropGradients();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Libc.TrimHeap();
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = StatusKibibytes("VmRSS:");
        RunOnce(workload);
        return Math.Max(0, StatusKibibytes("VmHWM:") - before) * 1024;
    }

    /// <summary>
    /// What the device has less of after the first iteration: the growth of libtorch's reserve, which is not given back.
    /// A later variant of the cell finds the reserve of the earlier ones, so only what it needs beyond is seen.
    /// </summary>
    private static long OfFreeMemory(Workload workload, ComputeDevice device)
    {
        device.Synchronise();
        CudaDriver.Check(CudaDriver.MemoryInfo(out var before, out _), "cuMemGetInfo");
        RunOnce(workload);
        device.Synchronise();
        CudaDriver.Check(CudaDriver.MemoryInfo(out var after, out _), "cuMemGetInfo");
        return Math.Max(0, (long)before - (long)after);
    }

    private static void RunOnce(Workload workload)
    {
        using var scope = torch.NewDisposeScope();
        workload.Run(1);
    }

    private static long StatusKibibytes(string key)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(key.Length, line.Length - key.Length - 2).Trim(), CultureInfo.InvariantCulture);
    }
}
