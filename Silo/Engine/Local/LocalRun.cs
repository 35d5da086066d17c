using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Workers;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Local;

/// <summary>One sweep to be run on this machine.</summary>
public sealed record LocalRun
{
    /// <summary>As the store keeps it; its seed is the run's.</summary>
    public required SweepRecord Sweep { get; init; }

    /// <summary>The plan.</summary>
    public required ICellSource Source { get; init; }

    public required MeasureSpec Measure { get; init; }

    /// <summary>What <see cref="DeviceSelection.Resolve"/> gave; at least one.</summary>
    public required IReadOnlyList<DeviceInfo> Devices { get; init; }

    /// <summary>Most cells in a slice.</summary>
    public int MaximumSliceCells { get; init; } = 16;

    /// <summary>Expected time of one launch of a slice, at most: it is what a killed run loses.</summary>
    public TimeSpan MaximumLaunch { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deaths of workers on one cell before it is Poisoned.</summary>
    public int MaximumCrashes { get; init; } = 3;

    /// <summary>Renewed three times in it; only a suspended process lets one expire.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Null: nobody pauses it.</summary>
    public RunControl? Control { get; init; }

    /// <summary>Where devices are locked against other processes of this machine.</summary>
    public string LockFolder { get; init; } = DeviceLock.DefaultFolder;
}

/// <summary>What the local engine works with.</summary>
public sealed record LocalEngineParts(
    IResultStore Store,
    IWorkerFactory Workers,
    VariantCatalog Catalog,
    TimeProvider Time,
    ILoggerFactory Logging
)
{
    public BlockOrdering Orders { get; init; } = BlockOrders.Make;

    /// <summary>Null: as the results are analysed, so that a cell ends at the width that is reported of it.</summary>
    public CellEstimating? Estimate { get; init; }

    /// <summary>Null: how runs go is counted nowhere.</summary>
    public RunMeters? Meters { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Outcomes">How many cells of the whole sweep ended in each outcome, by <see cref="Outcome.Name"/>.</param>
/// <param name="Reason">Why, where <see cref="RunEnd.BackendUnusable"/>.</param>
public sealed record RunSummary(
    RunEnd End,
    IReadOnlyDictionary<string, long> Outcomes,
    TimeSpan Elapsed,
    string? Reason = null
);
