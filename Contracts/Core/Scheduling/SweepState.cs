using Layerbench.Core.Results;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// One sweep's scheduling, as a pure state machine: no clock, no I/O, no randomness but the seed's. The local engine
/// and the sweep's grain both decide with it. Finished cells and cells in flight are all it remembers of cells.
/// Not thread-safe: one owner at a time.
/// </summary>
public sealed class SweepState
{
    /// <param name="finished">Indices of cells that the store has an outcome for.</param>
    public SweepState(ICellSource source, SchedulingOptions options, IEnumerable<long> finished) =>
        throw new NotImplementedException();

    /// <summary>A device asks for work.</summary>
    public LeaseAnswer Lease(DeviceInfo device, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>False: the lease has expired or was never given; its holder must stop.</summary>
    public bool Renew(LeaseToken token, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>What became of a slice. A stale token is refused, a repeated one changes nothing.</summary>
    public TellAnswer Tell(LeaseToken token, IReadOnlyList<CellTold> told, DateTimeOffset now) =>
        throw new NotImplementedException();

    /// <summary>Takes back what was leased and not renewed; returns the tokens that died.</summary>
    public IReadOnlyList<LeaseToken> Expire(DateTimeOffset now) => throw new NotImplementedException();

    public void Pause() => throw new NotImplementedException();

    public void Resume() => throw new NotImplementedException();

    /// <summary>No more leases; what is told of leases in flight is still taken.</summary>
    public void Cancel() => throw new NotImplementedException();

    public SweepProgress Progress => throw new NotImplementedException();
}

/// <summary>A cell whose outcome the scheduler decides itself: Skipped (fits nowhere, refused), Poisoned. The owner writes it to the store.</summary>
public sealed record Settlement(Cell Cell, Outcome Outcome);

/// <summary>What a device gets. Whatever the answer, <see cref="Settled"/> must be stored.</summary>
public abstract record LeaseAnswer(IReadOnlyList<Settlement> Settled)
{
    public sealed record Granted(Slice Slice, IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled);

    /// <summary>Nothing now (paused; cells are in flight elsewhere and may come back; the rest does not fit this device).</summary>
    public sealed record Wait(string Reason, IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled);

    /// <summary>Nothing any more: all cells are finished, or the sweep is cancelled.</summary>
    public sealed record Drained(IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled);
}

public abstract record TellAnswer
{
    private TellAnswer() { }

    public sealed record Accepted(IReadOnlyList<Settlement> Settled) : TellAnswer;

    /// <summary>Told already with this token; nothing changed.</summary>
    public sealed record Repeated : TellAnswer;

    /// <summary>The lease had expired; nothing is taken from it.</summary>
    public sealed record Stale : TellAnswer;
}

public sealed record SchedulingOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>A lease that is not renewed for this long is dead.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deaths of workers on one cell before it is Poisoned.</summary>
    public int MaximumCrashes { get; init; } = 3;

    /// <summary>Most cells in a slice.</summary>
    public int MaximumSliceCells { get; init; } = 16;

    /// <summary>Devices that take part; slices shrink to about a quarter of an even share towards the end.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>The largest memory of any device: a cell expected to need more is Skipped.</summary>
    public long LargestDeviceMemoryBytes { get; init; } = long.MaxValue;
}

/// <param name="Size">Indices of the plan; where conditions exclude points, an upper bound of cells until <paramref name="Passed"/> reaches it.</param>
/// <param name="Passed">Indices decided on: finished or excluded.</param>
/// <param name="Finished">Cells with an outcome.</param>
/// <param name="InFlight">Cells leased now.</param>
public readonly record struct SweepProgress(
    long Size,
    long Passed,
    long Finished,
    long Excluded,
    int InFlight,
    bool Paused,
    bool Cancelled
);
