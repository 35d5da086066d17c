using Layerbench.Core.Results;

namespace Layerbench.Core.Scheduling;

/// <summary>A cell whose outcome the scheduler decides itself: Skipped (fits nowhere, refused), Poisoned. The owner writes it to the store.</summary>
public sealed record Settlement(Cell Cell, Outcome Outcome);

/// <summary>What a device gets. Whatever the answer, <see cref="Settled"/> must be stored.</summary>
public abstract record LeaseAnswer(IReadOnlyList<Settlement> Settled)
{
    public sealed record Granted(Slice Slice, IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled);

    /// <summary>Nothing now (paused; cells are in flight elsewhere and may come back; the rest does not fit this device).</summary>
    public sealed record Wait(string Reason, IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled)
    {
        /// <summary>
        /// True: this call did its share of looking and found nothing yet; ask again at once. False: ask again when
        /// something has been told or a moment has passed.
        /// </summary>
        public bool AskAgainNow { get; init; }

        public WaitCause Cause { get; init; }
    }

    /// <summary>Nothing any more: all cells are finished, or the sweep is cancelled.</summary>
    public sealed record Drained(IReadOnlyList<Settlement> Settled) : LeaseAnswer(Settled);
}

/// <summary>What a device waits for that got nothing.</summary>
public enum WaitCause
{
    /// <summary>No cells wait; those that are in flight may come back.</summary>
    InFlight,

    /// <summary>A user, who has paused the sweep.</summary>
    Paused,

    /// <summary>The next call, which goes on looking.</summary>
    Looking,

    /// <summary>Another device to be done: the sweep has as many as it may have.</summary>
    Limit,

    /// <summary>Another device to take the cells that wait: they do not fit this one, or have killed workers on it.</summary>
    OtherDevice,
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
