using System.Diagnostics;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;
using Layerbench.Metrics.Fleet;
using Microsoft.Extensions.Logging;

namespace Layerbench.Grains.Devices;

/// <summary>
/// A device at work: asks the fleet where there is work, asks there for a slice, has it run, tells, and begins again.
/// Runs outside every grain's turn, and waits for no call longer than <see cref="ClusterTimes.Call"/>.
/// </summary>
internal sealed partial class DeviceLoop(
    DeviceKey key,
    NodeInfo node,
    DeviceInfo device,
    IGrainFactory grains,
    ISliceRunners runners,
    DeviceClock clock,
    ClusterTimes times,
    TimeProvider time,
    ILogger<DeviceLoop> logger
) : IAsyncDisposable
{
    private readonly CancellationTokenSource drain = new();
    private readonly CancellationTokenSource kill = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Dictionary<SweepId, ISliceRunner> known = [];
    private readonly RunnerFailures failures = new(times, time);
    private Task? running;
    private volatile DeviceActivity activity = DeviceActivity.Idle;
    private volatile InFlight? inFlight;

    public bool IsRunning => running is { IsCompleted: false };

    public DeviceActivity Activity => activity with { Draining = drain.IsCancellationRequested };

    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(IFleetGrain.Key);

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>If it waits, it asks at once; if it works, it tells the fleet so again, which may have been lost.</summary>
    public void Wake()
    {
        if (inFlight is { } held)
        {
            Fleet.Busy(key, held.Sweep).Ignore();
        }

        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is to wake already.
        }
    }

    /// <summary>No more slices; the one in flight ends after its launch.</summary>
    public void Drain()
    {
        drain.Cancel();
        if (inFlight is null)
        {
            clock.Wait(IdleReason.Draining);
        }
    }

    /// <summary>The slice of this sweep that is in flight; null: none.</summary>
    public SliceClaim? Claim(SweepId sweep) =>
        inFlight is { } held && held.Sweep == sweep
            ? new SliceClaim(
                held.Slice.Token,
                key.Named(device),
                held.Slice.Attempt,
                [.. held.Slice.Cells.Select(c => c.Index)]
            )
            : null;

    public void Adopted(LeaseToken token, long epoch)
    {
        if (inFlight is { } held && held.Slice.Token == token)
        {
            held.Fence.Adopt(epoch);
            LogAdopted(key, token, epoch);
        }
    }

    /// <summary>Ends the slice in flight now, and with it the loop; nothing is told of the slice, its lease expires.</summary>
    public async ValueTask DisposeAsync()
    {
        await drain.CancelAsync();
        await kill.CancelAsync();
        if (running is not null)
        {
            await running;
        }

        clock.Stop();
        drain.Dispose();
        kill.Dispose();
        wake.Dispose();
    }

    private async Task RunAsync()
    {
        while (!drain.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await RoundAsync();
            }
            catch (Exception error)
            {
                // A call that failed or hung (its silo died, it is loading) is made again after a pause, and so is a
                // runner's failure; the loop ends only by draining.
                LogRoundFailed(error, key);
                clock.Wait(IdleReason.Unanswered);
            }

            if (!worked)
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(drain.Token);
                await Task.WhenAny(Task.Delay(times.Poll, time, over.Token), wake.WaitAsync(over.Token));
                await over.CancelAsync();
            }
        }
    }

    /// <summary>True: a slice was run.</summary>
    private async Task<bool> RoundAsync()
    {
        var since = time.GetTimestamp();
        var orders = await OrdersAsync();
        foreach (var over in known.Keys.Except(orders.Sweeps).ToList())
        {
            known.Remove(over);
        }

        failures.Keep(orders.Sweeps);
        var idle = new IdleBecause(orders);
        foreach (var sweep in orders.Sweeps)
        {
            if (!failures.IsOver(sweep))
            {
                idle.Failed();
                continue;
            }

            var asked = time.GetTimestamp();
            var answer = await LeaseAsync(grains.GetGrain<ISweepGrain>(sweep.Value));
            idle.Answered(answer);
            if (answer is LeaseAnswer.Granted granted)
            {
                EngineMetrics.Dispatched(time.GetElapsedTime(since));
                await RunAsync(sweep, granted.Slice, asked);
                return true;
            }
        }

        clock.Wait(idle.Reason);
        return false;
    }

    private async Task<FleetOrders> OrdersAsync()
    {
        var orders = await Fleet.Ask(key).WaitAsync(times.Call, time);
        if (!orders.Unheard)
        {
            return orders;
        }

        // A fleet that was lost would hear of the node with its next heartbeat only.
        await Fleet.Heartbeat(node).WaitAsync(times.Call, time);
        return await Fleet.Ask(key).WaitAsync(times.Call, time);
    }

    private async Task<LeaseAnswer> LeaseAsync(ISweepGrain sweep)
    {
        while (true)
        {
            var answer = await sweep.Lease(key.Named(device)).WaitAsync(times.Call, time);
            if (answer is not LeaseAnswer.Wait { AskAgainNow: true } || drain.IsCancellationRequested)
            {
                return answer;
            }
        }
    }

    private async Task RunAsync(SweepId id, Slice slice, long asked)
    {
        var sweep = grains.GetGrain<ISweepGrain>(id.Value);
        var fence = new LeaseFence(slice.Epoch, times.Adoption, time);
        slice = slice with { Fence = fence };
        activity = new DeviceActivity(id, slice.Token, false);
        inFlight = new InFlight(id, slice, fence);
        var taken = false;
        clock.Work();
        try
        {
            Fleet.Busy(key, id).Ignore();
            var held = new HeldLease(sweep, slice.Token, asked, times, time, logger);
            var told = await held.KeepWhileAsync(
                async (stop, killed) =>
                    await (await RunnerAsync(id, sweep)).RunAsync(slice, key.Named(device), stop, killed),
                drain.Token,
                kill.Token
            );
            if (told is null)
            {
                LogLost(key, slice.Token);
                return;
            }

            failures.Forget(id);
            var answer = await held.TellAsync(told, kill.Token);
            taken = answer is TellAnswer.Accepted or TellAnswer.Repeated;
            LogTold(key, slice.Token, Word(answer));
        }
        catch
        {
            failures.Note(id);
            throw;
        }
        finally
        {
            clock.Rest(taken);
            if (drain.IsCancellationRequested)
            {
                clock.Wait(IdleReason.Draining);
            }

            inFlight = null;
            activity = DeviceActivity.Idle;
        }
    }

    private async Task<ISliceRunner> RunnerAsync(SweepId id, ISweepGrain sweep)
    {
        if (!known.TryGetValue(id, out var runner))
        {
            known[id] = runner = runners.For(await sweep.Record().WaitAsync(times.Call, time));
        }

        return runner;
    }

    private static string Word(TellAnswer? answer) =>
        answer switch
        {
            TellAnswer.Accepted => "accepted",
            TellAnswer.Repeated => "accepted before",
            TellAnswer.Stale => "refused as stale",
            null => "not heard before the lease ended",
            _ => throw new UnreachableException(),
        };

    private sealed record InFlight(SweepId Sweep, Slice Slice, LeaseFence Fence);
}
