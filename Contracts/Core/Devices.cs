namespace Layerbench.Core;

/// <summary>An accelerator, or a set of CPUs, of one node.</summary>
/// <param name="Kind"><c>cpu</c>, <c>cuda</c> or <c>simulated</c>.</param>
/// <param name="Model">E.g. <c>AMD EPYC 9B14</c>, <c>NVIDIA H100 80GB HBM3</c>.</param>
/// <param name="Cpus">The CPUs its worker is bound to.</param>
/// <param name="MemoryBytes">What a cell may use: the device's memory, or the container's limit.</param>
/// <param name="Uuid">Of a GPU; null for CPUs.</param>
/// <param name="Shared">True: a CPU set beside others of the same machine; caches and bandwidth are shared with them.</param>
public sealed record DeviceInfo(
    DeviceId Id,
    string Kind,
    string Model,
    IReadOnlyList<int> Cpus,
    long MemoryBytes,
    string? Uuid = null,
    bool Shared = false
);
