using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Grains.Sweeps;

/// <summary>What is shown of the sweep as metrics; by its one activation.</summary>
internal sealed partial class SweepGrain
{
    private SweepMeter? meter;
    private long finishedBefore;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CloseMeter();
        return Task.CompletedTask;
    }

    /// <summary>The state was loaded.</summary>
    private async Task OpenMeterAsync()
    {
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
