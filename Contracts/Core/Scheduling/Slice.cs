using System.Text.Json.Serialization;

namespace Layerbench.Core.Scheduling;

/// <summary>Cells leased together to one device; all of one backend and thread count, so that they share launches.</summary>
/// <param name="LookedAt">Its cells came back from their first look, and are to get to their next.</param>
/// <param name="Epoch">Carried by everything that is written of it (<see cref="Results.IResultStore.TakeEpochAsync"/>); null: not fenced.</param>
public sealed record Slice(
    LeaseToken Token,
    DeviceId Device,
    int Attempt,
    IReadOnlyList<Cell> Cells,
    DateTimeOffset ExpiresAt,
    bool LookedAt = false,
    long? Epoch = null
)
{
    /// <summary>In its holder's hands: under which epoch it is written now; null: <see cref="Epoch"/>, whatever happens.</summary>
    [JsonIgnore]
    public ISliceFence? Fence { get; init; }

    /// <summary>W3C trace context of what it is part of; null: nobody traces.</summary>
    public string? Trace { get; init; }

    public string Backend => Cells[0].Backend;
    public int Threads => Cells[0].Threads;
}

/// <summary>What became of the cells of a slice.</summary>
public sealed record SliceTold(IReadOnlyList<CellTold> Cells);

/// <summary>What became of one cell of a slice.</summary>
public abstract record CellTold(long Index)
{
    /// <summary>It ended; the store has it.</summary>
    /// <param name="LaunchSeconds">Mean time of its launches of this run that timed or trained it, all of the cell's phases; null where it had none.</param>
    public sealed record Ended(long Index, Results.Outcome Outcome, double? LaunchSeconds = null) : CellTold(Index);

    /// <summary>The worker died or hung on it; it may be tried again.</summary>
    public sealed record Crashed(long Index, string Cause, string Message) : CellTold(Index);

    /// <summary>Not ended, through no fault of its own (the run is stopping, the budget is spent, another cell's crash).</summary>
    /// <param name="Distance">
    /// Set where the cell has been looked at and needs more launches than its first look had: how far its verdict is from
    /// being decided (<see cref="Analysis.Undecided"/>). It is leased again when no cell waits for its first look, the
    /// nearest first.
    /// </param>
    public sealed record HandedBack(long Index, double? Distance = null) : CellTold(Index);
}

/// <summary>Where cells come from: a plan, or a test's few. Cells are made when asked for, never listed.</summary>
public interface ICellSource
{
    /// <summary>Indices run from 0 to this; some may hold no cell.</summary>
    long Size { get; }

    /// <summary>The cell, or null where conditions exclude the point.</summary>
    Cell? At(long index);

    /// <summary>What one launch of the cell is expected to take and need, from FLOPs and bytes alone.</summary>
    CellCost Cost(Cell cell);

    /// <summary>Why the cell cannot be run anywhere (a variant does not take these values), or null.</summary>
    string? Refusal(Cell cell);
}

/// <param name="Flops">Of one block: the sum over variants. Of trainings: of all steps, the models around the variants included.</param>
/// <param name="Bytes">Least bytes moved by one block, likewise.</param>
/// <param name="PeakBytes">A rough upper bound of live memory, of the variant that needs most.</param>
/// <param name="Steps">Optimiser steps of trainings: the sum over variants; 0 where nothing is trained.</param>
public readonly record struct CellCost(double Flops, double Bytes, double PeakBytes, double Steps = 0);
