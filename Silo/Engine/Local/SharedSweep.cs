using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>The scheduler's state behind one lock, with a signal for those who wait for it to change.</summary>
/// <param name="meter">Null: nothing is counted.</param>
internal sealed class SharedSweep(SweepState state, SweepMeter? meter = null)
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
            var answer = state.Lease(device, now);
            meter?.Given(answer, now);
            return answer;
        }
    }

    public TellAnswer Tell(LeaseToken token, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        lock (gate)
        {
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

    /// <summary>Renews what is held and takes back what has expired; returns the tokens that are lost to their holders.</summary>
    public IReadOnlyList<LeaseToken> Renew(IEnumerable<LeaseToken> held, DateTimeOffset now)
    {
        lock (gate)
        {
            var lost = held.Where(token => !state.Renew(token, now)).ToList();
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
