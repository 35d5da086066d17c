using System.Globalization;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Metrics;

namespace Layerbench.Engine.Workers;

/// <summary>What surrounds a worker process: its variables, the programs it is started through, and what the fingerprint says of them.</summary>
/// <param name="Prefix">Programs that set something up and become the worker, each with its arguments; empty ones are absent here.</param>
/// <param name="Variables">To set; null: to remove.</param>
internal sealed record LaunchEnvironment(
    IReadOnlyList<string> Prefix,
    IReadOnlyDictionary<string, string?> Variables,
    IReadOnlyDictionary<string, string> Entries
)
{
    private static readonly string[] ThreadVariables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"];

    /// <summary>Allocations of 64 KiB and more go straight to mmap and back, so that VmHWM follows them; docs/protocol.md.</summary>
    private const string MemoryThresholdBytes = "65536";

    public static LaunchEnvironment For(WorkerStart start, Allocator allocator)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in ThreadVariables)
        {
            variables[name] = start.Threads.ToString(CultureInfo.InvariantCulture);
        }

        var memory = start.Kind == LaunchKind.Memory;
        variables["LD_PRELOAD"] = memory ? null : allocator.Path;
        variables["MALLOC_MMAP_THRESHOLD_"] = memory ? MemoryThresholdBytes : null;
        variables["MALLOC_TRIM_THRESHOLD_"] = memory ? MemoryThresholdBytes : null;
        variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
        variables["CUDA_VISIBLE_DEVICES"] = start.Device.Uuid ?? "";
        // For a variant that makes spans of its own; a worker makes none.
        variables["TRACEPARENT"] = Spans.Context;

        var prefix = new List<string>();
        if (Programs.Find("setpriv") is { } setpriv)
        {
            prefix.AddRange([setpriv, "--pdeathsig", "KILL"]);
        }

        if (Programs.Find("setsid") is { } setsid)
        {
            prefix.Add(setsid);
        }

        var cpus = CpuList.Format(start.Device.Cpus);
        var bound = false;
        if (start.Device.Cpus.Count > 0 && Programs.Find("taskset") is { } taskset)
        {
            prefix.AddRange([taskset, "-c", cpus]);
            bound = true;
        }

        // Of both kinds of launch at once: time and memory launches of a cell must come from one fingerprint.
        var entries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["allocator"] = allocator.Name,
            ["allocator_memory"] = $"glibc, mmap and trim threshold {MemoryThresholdBytes}",
            ["cpus"] = cpus,
            ["bound_by"] = bound ? "taskset" : "nothing",
            ["threads_asked"] = start.Threads.ToString(CultureInfo.InvariantCulture),
        };
        return new LaunchEnvironment(prefix, variables, entries);
    }
}
