namespace Layerbench.Core.Scheduling;

public sealed partial class SweepState
{
    private bool paused;
    private bool cancelled;

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
    public void Cancel() => cancelled = true;

    private void RefuseIfCancelled()
    {
        if (cancelled)
        {
            throw new InvalidOperationException("The sweep is cancelled; start it again to go on.");
        }
    }
}
