namespace Layerbench.Engine.Local;

/// <summary>Pauses a run from outside it, before it begins or while it goes on.</summary>
public sealed class RunControl
{
    private readonly Lock gate = new();
    private SharedSweep? sweep;
    private bool paused;

    public bool IsPaused
    {
        get
        {
            lock (gate)
            {
                return paused;
            }
        }
    }

    /// <summary>No more slices until <see cref="Resume"/>; those in flight go on.</summary>
    public void Pause() => Set(true);

    public void Resume() => Set(false);

    internal void Attach(SharedSweep running)
    {
        lock (gate)
        {
            sweep = running;
            running.Paused = paused;
        }
    }

    private void Set(bool to)
    {
        lock (gate)
        {
            paused = to;
            if (sweep is not null)
            {
                sweep.Paused = to;
            }
        }
    }
}
