using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains.Devices;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Layerbench.Grains.Sweeps;

/// <inheritdoc cref="ISweepGrain"/>
/// <remarks>Loads from the store, decides with <see cref="SweepState"/>, persists what was settled, notifies the fleet.</remarks>
[Immovable]
internal sealed partial class SweepGrain(
    [PersistentState("sweep", GrainStorageName.Value)] IPersistentState<SweepStanding> standing,
    IResultStore store,
    ISweepPlanner planner,
    LiveNodes live,
    SweepBoard board,
    IOptions<ClusterTimes> times,
    TimeProvider time,
    ILogger<SweepGrain> logger
) : Grain, ISweepGrain
{
    /// <summary>Something has been settled that is not in the store yet.</summary>
    private bool isSettling;

    private SweepId Id => new(this.GetPrimaryKeyString());
    private IFleetGrain Fleet => GrainFactory.GetGrain<IFleetGrain>(IFleetGrain.Key);
    private SweepState State => state ?? throw Unknown();

    public async Task<bool> Start(SweepRecord sweep, SweepTerms terms)
    {
        isStarting = true;
        Check(sweep);
        var isNew = standing.State.Pin is null;
        if (!isNew && standing.State.Terms.User != terms.User)
        {
            return false;
        }

        var (pin, plan) = await PinAsync(record ?? sweep); // refused before anything of it is kept
        await store.SaveSweepAsync(sweep);
        var begins = state is null || standing.State.IsStopped || standing.State.Pin != pin.ToJson();
        standing.State.Terms = terms;
        standing.State.Trace = Spans.Context ?? standing.State.Trace;
        if (begins)
        {
            await BeginAsync(pin, plan);
        }

        await this.KeepAsync(standing);
        if (begins)
        {
            await LoadAgainAsync();
        }

        (State.MaximumDevices, State.Failures) = (terms.MaximumDevices, terms.Failures);
        await Fleet.Activate(Active);
        LogStarted(Id, State.Progress.Size, State.Progress.Finished);
        return isNew;
    }

    public Task<SweepRecord> Record() => Task.FromResult(record ?? throw Unknown());

    public async Task<LeaseAnswer> Lease(DeviceInfo device)
    {
        var now = time.GetUtcNow();
        Expire(now);
        // It has nothing in flight, or it would not ask: what it held before is of another process, or of an answer that was lost.
        if (TakeBack(d => d == device.Id) && await EndIfOvertakenAsync())
        {
            return new LeaseAnswer.Wait("another activation of the sweep begins", []);
        }

        if (LostNodeOf(device.Id) is { } node)
        {
            // It may live, cut off from the others: what it got would be taken back at once, and be run elsewhere as well.
            return new LeaseAnswer.Wait($"node '{node}' has no silo in the cluster", []);
        }

        if ((needs.Devices.Refusal(device) ?? standing.State.Terms.Devices?.Refusal(device)) is { } refusal)
        {
            return new LeaseAnswer.Wait(refusal, []);
        }

        var answer = State.Lease(device, now);
        await PersistAsync(answer.Settled, now);
        watch?.Given(answer, now);
        meter?.Given(answer, now);
        if (answer is LeaseAnswer.Drained)
        {
            ShowStand();
            await Fleet.Retire(Id);
        }

        return answer is LeaseAnswer.Granted { Slice: var slice } granted && standing.State.Trace is { } trace
            ? granted with
            {
                Slice = slice with { Trace = trace },
            }
            : answer;
    }

    public Task<RenewAnswer> Renew(LeaseToken token) =>
        Task.FromResult(
            !State.Renew(token, time.GetUtcNow()) ? RenewAnswer.Stale
            : State.Progress.Cancelled ? RenewAnswer.HeldToTheEnd
            : RenewAnswer.Held
        );

    public async Task<TellAnswer> Tell(LeaseToken token, SliceTold told)
    {
        var now = time.GetUtcNow();
        var answer = State.Tell(token, told.Cells, now);
        CountTold(token, answer, told.Cells, now);
        if (answer is TellAnswer.Accepted accepted)
        {
            await PersistAsync(accepted.Settled, now);
            watch?.Told(token, told.Cells, accepted.Settled, now);
            if (watch?.Progress(State, now) == true || IsOver)
            {
                ShowStand();
            }

            await StopIfToldAsync();
        }

        return answer;
    }

    public async Task<TellAnswer> TellUnrunnable(LeaseToken token, string reason)
    {
        var answer = State.TellUnrunnable(token, reason, time.GetUtcNow());
        watch?.Expired(token);
        await StopIfToldAsync();
        return answer;
    }

    public async Task<RungDecision> DecideRung(RungArrival arrival)
    {
        rungs ??= await RungsAsync();
        var decision = rungs.Decide(arrival);
        await store.RecordRungAsync(Id, decision);
        rungs.Keep(decision);
        return decision;
    }

    public async Task Pause()
    {
        RefuseIfCancelled();
        standing.State.Paused = true;
        await this.KeepAsync(standing);
        State.Pause();
    }

    public async Task Resume()
    {
        RefuseIfCancelled();
        standing.State.Paused = false;
        await this.KeepAsync(standing);
        State.Resume();
        meter?.Begin(outcomes: null, time.GetUtcNow());
        await Fleet.Wake();
    }

    public async Task Cancel()
    {
        _ = State; // one that was never started cannot be cancelled
        standing.State.Cancelled = true;
        await this.KeepAsync(standing);
        State.Cancel();
        ShowStand();
        await Fleet.Retire(Id);
    }

    public Task<SweepProgress> Progress() => Task.FromResult(State.Progress);

    /// <summary>What the state settled is decided only once it is stored: if that fails, the activation ends and the next loads the truth.</summary>
    private async Task PersistAsync(IReadOnlyList<Settlement> settled, DateTimeOffset now)
    {
        if (settled.Count == 0)
        {
            return;
        }

        var kept = false;
        isSettling = true;
        try
        {
            await store.FinishAsync(Id, [.. settled.Select(s => s.Cell.Ended(s.Outcome, device: null, now))], epoch);
            kept = true;
        }
        finally
        {
            isSettling = false;
            if (!kept)
            {
                DeactivateOnIdle();
            }
        }
    }

    /// <summary>The state may have stopped the sweep: that survives the activation, and the fleet offers it no more.</summary>
    private async Task StopIfToldAsync()
    {
        if (State.Progress.StopReason is { } reason && standing.State.StopReason is null)
        {
            standing.State.StopReason = reason;
            await this.KeepAsync(standing);
            LogStopped(Id, reason);
            await Fleet.Retire(Id);
        }
    }

    private void Check(SweepRecord sweep)
    {
        if (sweep.Id != Id)
        {
            throw new ArgumentException($"Sweep '{sweep.Id}' was sent to the grain of '{Id}'.");
        }

        if (record is not null && (record.Spec != sweep.Spec || record.Seed != sweep.Seed))
        {
            throw new ArgumentException(
                $"Another sweep is stored as '{Id}' already, with another text or seed; give this one another name."
            );
        }
    }

    private void RefuseIfCancelled()
    {
        if (State.Progress.Cancelled)
        {
            throw new InvalidOperationException(
                State.Progress.StopReason is { } reason
                    ? $"Sweep '{Id}' has stopped: {reason}."
                    : $"Sweep '{Id}' is cancelled; start it again to go on."
            );
        }
    }

    private InvalidOperationException Unknown() => new($"Sweep '{Id}' is not known here; start it first.");
}
