using Layerbench.Core;
using Layerbench.Core.Scheduling;

namespace Layerbench.Engine.Local;

/// <summary>The scheduler's state behind one lock, with a signal for those who wait for it to change.</summary>
internal sealed class SharedSweep(SweepState state)
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = NewSignal();

    /// <summary>Completes at the next change; take it before asking, so that no change is missed.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    public (SweepProgress Progress, SweepWork Work) Progress
    {
        get
        {
            lock (gate)
            {
                return (state.Progress, state.Work);
            }
        }
    }

    /// <summary>See <see cref="SweepState.CameBack"/>.</summary>
    public IReadOnlyList<long> CameBack
    {
        get
        {
            lock (gate)
            {
                return state.CameBack;
            }
        }
    }

    /// <summary>See <see cref="SweepState.Pause"/>.</summary>
    public bool Paused
    {
        set
        {
            lock (gate)
            {
                if (value)
                {
                    state.Pause();
                }
                else
                {
                    state.Resume();
                }

                Signal();
            }
        }
    }

    public LeaseAnswer Lease(DeviceInfo device, DateTimeOffset now)
    {
        lock (gate)
        {
            return state.Lease(device, now);
        }
    }

    public TellAnswer Tell(LeaseToken token, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        lock (gate)
        {
            var answer = state.Tell(token, told, now);
            Signal();
            return answer;
        }
    }

    /// <summary>Renews what is held and takes back what has expired; returns the tokens that are lost to their holders.</summary>
    public IReadOnlyList<LeaseToken> Renew(IEnumerable<LeaseToken> held, DateTimeOffset now)
    {
        lock (gate)
        {
            var lost = held.Where(token => !state.Renew(token, now)).ToList();
            if (state.Expire(now).Count > 0)
            {
                Signal();
            }

            return lost;
        }
    }

    private void Signal()
    {
        var before = changed;
        changed = NewSignal();
        before.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
