namespace Layerbench.Core.Results;

/// <summary>
/// A write was refused because another has taken over the coordination of its sweep since
/// (<see cref="IResultStore.TakeEpochAsync"/>). Trying again does not help: its author is to stop.
/// </summary>
public sealed class StaleEpochException(SweepId sweep, long epoch, long current)
    : Exception(
        $"Sweep '{sweep}' is in epoch {current}, the write is of epoch {epoch}: another coordinates the sweep by now."
    )
{
    public SweepId Sweep { get; } = sweep;

    /// <summary>The epoch that the write carried.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The sweep's epoch when the write was refused; later than <see cref="Epoch"/>.</summary>
    public long Current { get; } = current;
}
