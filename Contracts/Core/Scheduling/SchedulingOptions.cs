namespace Layerbench.Core.Scheduling;

/// <summary>How a sweep is scheduled.</summary>
public sealed record SchedulingOptions
{
    /// <summary>Cells in a slice at most, where nothing else is said.</summary>
    public const int UsualSliceCells = 16;

    public ulong Seed { get; init; } = 1;

    /// <summary>A lease that is not renewed for this long is dead.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deaths of workers on one cell before it is Poisoned.</summary>
    public int MaximumCrashes { get; init; } = 3;

    /// <summary>
    /// On so many devices they are to have died, where the sweep has so many that the cell fits: a cell is to blame, not
    /// one device.
    /// </summary>
    public int PoisonDevices { get; init; } = 1;

    /// <summary>Deaths of workers that the store knows of; such cells are tried alone, as if this state had seen them.</summary>
    public IReadOnlyDictionary<CellId, CrashHistory> Crashed { get; init; } = new Dictionary<CellId, CrashHistory>();

    /// <summary>Cells that have failed and count in the failure budget already.</summary>
    public long FailedBefore { get; init; }

    /// <summary>Fences what is written of the slices that are given out; null: nothing does.</summary>
    public long? Epoch { get; init; }

    /// <summary>Most cells in a slice.</summary>
    public int MaximumSliceCells { get; init; } = UsualSliceCells;

    /// <summary>Expected time of one launch of a slice, at most: it is what a killed run loses. A single cell may take longer.</summary>
    public TimeSpan MaximumLaunch { get; init; } = TimeSpan.MaxValue;

    /// <summary>What starting a slice's worker takes, once a launch: slices are not to be so short that it is most of their time.</summary>
    public TimeSpan WorkerStart { get; init; } = TimeSpan.Zero;

    /// <summary>Devices that take part; where there are several, slices shrink to a quarter of an even share towards the end.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>The largest memory of any device: a cell expected to need more is Skipped.</summary>
    public long LargestDeviceMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// True: devices come and go (<see cref="SweepState.SeeFleet"/>), so one device alone leaves a share for another, and some
    /// thousand cells that fit none of them wait until nothing else is left before they are Skipped.
    /// </summary>
    public bool FleetChanges { get; init; }

    /// <summary>
    /// Expected seconds of one launch of a cell, for the order and the slices; by default the roofline of an ordinary
    /// CPU. Not asked where there are <see cref="Costs"/>.
    /// </summary>
    public Func<Cell, CellCost, double> ExpectedSeconds { get; init; } =
        static (cell, cost) =>
            LaunchShape.Of(new Sweeps.MeasureSpec(), cell).Seconds(DeviceRates.Cpu.BlockSeconds(cost));

    /// <summary>What learns from finished cells how long the others will take; null: nothing is learnt.</summary>
    public LearntCosts? Costs { get; init; }

    /// <summary>Every option is in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LeaseDuration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumCrashes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PoisonDevices, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSliceCells, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumLaunch, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(WorkerStart, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Devices, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LargestDeviceMemoryBytes, 1);
    }
}
