namespace Layerbench.Core.Scheduling;

/// <summary>Runs a slice on a device: all launches of its cells, results kept as each launch ends.</summary>
public interface ISliceRunner
{
    /// <param name="stop">Soft: end after the launch in flight, keep it, hand the rest back.</param>
    /// <param name="kill">Hard: kill the worker now.</param>
    /// <exception cref="UnrunnableSliceException">No worker can be started for it on this device.</exception>
    Task<IReadOnlyList<CellTold>> RunAsync(
        Slice slice,
        DeviceInfo device,
        CancellationToken stop,
        CancellationToken kill
    );
}
