using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Workers;
using Layerbench.Metrics.Fleet;

namespace Layerbench.Engine.Launches;

/// <summary>Random orders for the blocks of one launch of one cell: an entry a block, the variants' places in the order to run them.</summary>
public delegate IReadOnlyList<IReadOnlyList<int>> BlockOrdering(int variants, int blocks, ulong seed);

/// <summary>What a cell's launches say so far; derived, for those who watch.</summary>
public delegate CellEstimate? CellEstimating(Cell cell, IReadOnlyList<LaunchRecord> launches);

/// <summary>How the slices of one sweep are run.</summary>
public sealed record SliceRunnerOptions
{
    public required SweepId Sweep { get; init; }
    public required MeasureSpec Measure { get; init; }

    /// <summary>The sweep's; all of a run's randomness comes from it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// Deaths of workers on one cell, over all runs of the sweep, before it is Poisoned; where whoever leases the slices
    /// counts them himself, <see cref="int.MaxValue"/>.
    /// </summary>
    public int MaximumCrashes { get; init; } = 3;

    /// <summary>
    /// Set: a cell that needs more launches is handed back at each look, with its verdict's distance by this rule, so
    /// that its owner decides who goes on. Null: a slice's cells stay with it until they end.
    /// </summary>
    public VerdictRule? HandBackBy { get; init; }

    /// <summary>Failed starts in a row, of one backend, before the run is ended.</summary>
    public int MaximumFailedStarts { get; init; } = 3;

    /// <summary>From starting the process to its hello; it loads the framework in between.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most of a slice's time that canaries may take beyond those of its first launches, over 0 to 1.</summary>
    public double MaximumCanaryShare { get; init; } = 0.05;

    /// <summary>Through which GPUs are watched while they are measured on; absent, they are not.</summary>
    public string NvmlLibrary { get; init; } = Nvml.DefaultLibrary;

    /// <summary>Between two readings of a GPU's state.</summary>
    public TimeSpan GpuInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Numerics flags; the same for all backends, whose own defaults differ.</summary>
    public IReadOnlyDictionary<string, bool> Flags { get; init; } =
        new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            ["tf32"] = false,
            ["cudnn_benchmark"] = false,
            ["deterministic"] = false,
        };
}

/// <summary>What a slice runner works with.</summary>
public sealed record SliceRunnerParts(
    IResultStore Store,
    IWorkerFactory Workers,
    VariantCatalog Catalog,
    BlockOrdering Orders,
    CellEstimating Estimate,
    TimeProvider Time
)
{
    /// <summary>Where the devices of several processes share a sweep, what they share; null: a book of this runner's.</summary>
    public IRungDecisions? Rungs { get; init; }

    /// <summary>Where devices' time is counted; null: nowhere.</summary>
    public DeviceBoard? Devices { get; init; }
}
