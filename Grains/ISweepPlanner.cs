using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Grains;

/// <summary>Makes a sweep's cells from its stored text; the same cells on every silo and every time.</summary>
public interface ISweepPlanner
{
    /// <param name="catalog">The workers' descriptions, the same for all of the sweep's life: <see cref="Cluster.IFleetGrain.Catalog"/> when it is started.</param>
    /// <exception cref="ArgumentException">The text cannot be planned; the message says why and what to do, a line for each thing that is wrong.</exception>
    PlannedSweep Plan(SweepRecord sweep, VariantCatalog catalog);
}

/// <summary>A sweep that can be run on a cluster.</summary>
/// <param name="Measure">How its cells are measured; null where nothing is, and nothing is learnt of how long cells take.</param>
/// <param name="Backends">That its cells run on.</param>
/// <param name="Devices">What its text says of devices.</param>
public sealed record PlannedSweep(
    ICellSource Source,
    MeasureSpec? Measure,
    IReadOnlyList<string> Backends,
    DeviceSelector Devices
)
{
    /// <summary>Most cells in a slice.</summary>
    public int SliceCells { get; init; } = SchedulingOptions.UsualSliceCells;
}

/// <summary>Makes what runs a sweep's slices on this node's devices, and keeps what they bring in the results store.</summary>
public interface ISliceRunners
{
    /// <param name="sweep">As the store has it.</param>
    ISliceRunner For(SweepRecord sweep);
}
