namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    private bool paused;
    private bool cancelled;
    private long failed;
    private string? stopReason;

    /// <summary>After how many failed cells the sweep stops; null: never.</summary>
    public FailureBudget? Failures { get; set; }

    /// <summary>Share of <see cref="Failures"/> that is used up since the sweep was started; null where it has none.</summary>
    public double? FailureBudgetUsed => Failures?.Used(failed, source.Size);

    /// <summary>No leases until <see cref="Resume"/>; those in flight go on.</summary>
    /// <exception cref="InvalidOperationException">The sweep is cancelled.</exception>
    public void Pause()
    {
        RefuseIfCancelled();
        paused = true;
    }

    /// <exception cref="InvalidOperationException">The sweep is cancelled.</exception>
    public void Resume()
    {
        RefuseIfCancelled();
        paused = false;
    }

    /// <summary>No more leases, ever; what is told of leases in flight is still taken.</summary>
    /// <param name="reason">Set where nobody asked for it.</param>
    public void Cancel(string? reason = null)
    {
        cancelled = true;
        stopReason ??= reason;
    }

    private void RefuseIfCancelled()
    {
        if (cancelled)
        {
            throw new InvalidOperationException("The sweep is cancelled; start it again to go on.");
        }
    }

    private void Judge(Results.Outcome outcome)
    {
        failed += outcome.IsFailure ? 1 : 0;
        if (outcome.IsFailure && Failures?.Spent(failed, source.Size) is { } reason)
        {
            Cancel(reason);
        }
    }
}
