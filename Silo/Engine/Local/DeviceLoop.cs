using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Launches;
using Layerbench.Metrics;
using Layerbench.Metrics.Fleet;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Local;

/// <summary>What the loops of a run share.</summary>
/// <param name="Drained">Cancelled by the first loop that finds nothing left, for those that still wait for their device.</param>
/// <param name="Stop">Soft: no more leases, end after the cell in flight.</param>
/// <param name="Kill">Hard.</param>
internal sealed record LoopContext(
    LocalRun Run,
    LocalEngineParts Parts,
    SharedSweep Sweep,
    ISliceRunner Runner,
    RunWatch Watch,
    ILogger Logger,
    CancellationTokenSource Drained,
    CancellationToken Stop,
    CancellationToken Kill
);

/// <summary>One device: locks it, then leases, runs and tells until nothing is left.</summary>
internal sealed class DeviceLoop(LoopContext context, DeviceInfo device)
{
    /// <summary>To ask again where no signal comes: a lease elsewhere may have expired.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time = context.Parts.Time;
    private readonly DeviceClock? clock = context.Parts.Meters?.Devices.Of(device.Id);

    /// <summary>Whether it ended because nothing is left.</summary>
    /// <exception cref="BackendUnusableException">A backend cannot be used; its slice is handed back.</exception>
    public async Task<bool> RunAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drained.Token);
        try
        {
            // The machine's clock, also in a simulated run: other processes live by it.
            using var held = await DeviceLock
                .AcquireAsync(device, context.Run.LockFolder, TimeProvider.System, TellBusy, ending.Token)
                .ConfigureAwait(false);
            while (!context.Stop.IsCancellationRequested)
            {
                if (await StepAsync(ending.Token).ConfigureAwait(false))
                {
                    await context.Drained.CancelAsync().ConfigureAwait(false);
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested || context.Kill.IsCancellationRequested)
        {
            // Told to end while it waited for the device, for cells or for the store.
        }
        finally
        {
            clock?.Stop();
        }

        return context.Drained.IsCancellationRequested;
    }

    /// <summary>Whether nothing is left.</summary>
    private async Task<bool> StepAsync(CancellationToken ending)
    {
        var changed = context.Sweep.Changed;
        var asked = time.GetTimestamp();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(context.Kill);
        var answer = context.Sweep.Lease(device, lost);
        await StoreAsync(answer.Settled, null).ConfigureAwait(false);
        switch (answer)
        {
            case LeaseAnswer.Granted granted:
                EngineMetrics.Dispatched(time.GetElapsedTime(asked));
                await RunSliceAsync(granted.Slice, lost.Token).ConfigureAwait(false);
                return false;
            case LeaseAnswer.Wait { AskAgainNow: true }:
                return false;
            case LeaseAnswer.Wait { Cause: var cause }:
                clock?.Wait(cause == WaitCause.OtherDevice ? IdleReason.OtherDevice : IdleReason.NoWork);
                await WaitAsync(changed, ending).ConfigureAwait(false);
                return false;
            case LeaseAnswer.Drained:
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken ending)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ending);
        await Task.WhenAny(changed, Task.Delay(AskAgain, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        ending.ThrowIfCancellationRequested();
    }

    private async Task RunSliceAsync(Slice slice, CancellationToken lost)
    {
        context.Watch.Tell(new EngineEvent.SliceLeased(time.GetUtcNow(), device.Id, slice.Cells.Count, slice.Attempt));
        var startedAt = time.GetTimestamp();
        IReadOnlyList<CellTold> told = [];
        clock?.Work();
        try
        {
            told = await context.Runner.RunAsync(slice, device, context.Stop, lost).ConfigureAwait(false);
        }
        finally
        {
            // Also when it failed: cells that are not named are handed back.
            var answer = context.Sweep.Tell(slice.Token, told);
            clock?.Rest(taken: answer is TellAnswer.Accepted);
            context.Watch.SliceEnded(device.Id, time.GetElapsedTime(startedAt));
            if (answer is TellAnswer.Accepted accepted)
            {
                await StoreAsync(accepted.Settled, device.Id).ConfigureAwait(false);
            }
            else
            {
                context.Logger.TellRefused(device.Id, slice.Token, answer.GetType().Name);
            }
        }
    }

    /// <summary>What the scheduler decided itself.</summary>
    private async Task StoreAsync(IReadOnlyList<Settlement> settled, DeviceId? on)
    {
        if (settled.Count == 0)
        {
            return;
        }

        var at = time.GetUtcNow();
        var results = settled.Select(s => CellInSlice.Result(s.Cell, s.Outcome, on, at)).ToList();
        await context.Parts.Store.FinishAsync(context.Run.Sweep.Id, results, context.Kill).ConfigureAwait(false);
        foreach (var result in results)
        {
            context.Watch.Tell(new EngineEvent.CellFinished(at, result, null));
        }
    }

    private void TellBusy(string holder)
    {
        context.Logger.DeviceBusy(device.Id, holder);
        context.Watch.Tell(new EngineEvent.DeviceBusy(time.GetUtcNow(), device.Id, holder));
    }
}
