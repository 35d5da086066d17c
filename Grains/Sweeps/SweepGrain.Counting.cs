using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Grains.Sweeps;

/// <summary>What is shown of the sweep as metrics; by its one activation.</summary>
internal sealed partial class SweepGrain
{
    /// <summary>One that was begun before this, and is over when it is loaded, did most likely not end just now.</summary>
    private static readonly TimeSpan longAgo = TimeSpan.FromHours(1);

    private SweepMeter? meter;
    private long finishedBefore;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CloseMeter();
        return Task.CompletedTask;
    }

    /// <summary>The state was loaded. Who lists old sweeps loads them too, and that is no reason to show them all.</summary>
    private async Task OpenMeterAsync()
    {
        if (meter is null && IsOver && time.GetUtcNow() - standing.State.StartedAt > longAgo)
        {
            return;
        }

        finishedBefore = State.Progress.Finished;
        meter ??= board.Open(Id);
        meter.Begin(await store.CountsAsync(Id), time.GetUtcNow());
        ShowStand();
    }

    private void CloseMeter()
    {
        if (meter is not null)
        {
            board.Close(meter);
            meter = null;
        }
    }

    private void CountTold(LeaseToken token, TellAnswer answer, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        meter?.Told(token, answer, told, now);
        foreach (var (variant, expected, took) in State.TakeCostErrors())
        {
            EngineMetrics.CostLearnt(variant, expected, took);
        }
    }

    private void ShowStand()
    {
        if (meter is null || state is null || watch is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        meter.Stands(watch.Stand(state, finishedBefore, IsOver, now), now);
    }
}
