using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>The scheduler's state behind one lock, with a signal for those who wait for it to change.</summary>
/// <param name="meter">Null: nothing is counted.</param>
internal sealed class SharedSweep(SweepState state, TimeProvider time, SweepMeter? meter = null)
{
    private readonly Lock gate = new();

    /// <summary>Leases in flight, each with what kills its worker.</summary>
    private readonly Dictionary<LeaseToken, CancellationTokenSource> held = [];

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

    /// <summary>What is granted is renewed from this moment on: a lease that nobody renewed would go to another device, unseen.</summary>
    /// <param name="lost">Cancelled where the lease is lost to its holder; until it is told of.</param>
    public LeaseAnswer Lease(DeviceInfo device, CancellationTokenSource lost)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var answer = state.Lease(device, now);
            meter?.Given(answer, now);
            if (answer is LeaseAnswer.Granted granted)
            {
                held.Add(granted.Slice.Token, lost);
            }

            return answer;
        }
    }

    public TellAnswer Tell(LeaseToken token, IReadOnlyList<CellTold> told)
    {
        lock (gate)
        {
            held.Remove(token);
            var now = time.GetUtcNow();
            var answer = state.Tell(token, told, now);
            meter?.Told(token, answer, told, now);
            foreach (var (variant, expected, took) in state.TakeCostErrors())
            {
                EngineMetrics.CostLearnt(variant, expected, took);
            }

            Signal();
            return answer;
        }
    }

    /// <summary>Renews what is held and takes back what has expired; returns what is lost to its holder.</summary>
    public IReadOnlyList<(LeaseToken Token, CancellationTokenSource Lost)> Renew()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var lost = held.Where(h => !state.Renew(h.Key, now)).Select(h => (h.Key, h.Value)).ToList();
            var expired = state.Expire(now);
            foreach (var token in expired)
            {
                meter?.Lost(token, EngineMetrics.NotRenewed, now);
            }

            if (expired.Count > 0)
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
