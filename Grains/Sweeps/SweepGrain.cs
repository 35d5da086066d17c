using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
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
    IOptions<ClusterTimes> times,
    TimeProvider time,
    ILogger<SweepGrain> logger
) : Grain, ISweepGrain
{
    private SweepRecord? record;
    private SweepState? state;

    private SweepId Id => new(this.GetPrimaryKeyString());
    private IFleetGrain Fleet => GrainFactory.GetGrain<IFleetGrain>(IFleetGrain.Key);
    private SweepState State => state ?? throw Unknown();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var sweeps = await store.SweepsAsync(cancellationToken);
        record = sweeps.FirstOrDefault(s => s.Id == Id);
        if (record is not null)
        {
            await LoadAsync(record, cancellationToken);
        }
    }

    public async Task Start(SweepRecord sweep, SweepTerms terms)
    {
        Check(sweep);
        _ = planner.Plan(sweep); // refused before anything of it is kept
        await store.SaveSweepAsync(sweep);
        if (standing.State.Cancelled || record is null)
        {
            standing.State.Cancelled = false;
            await this.KeepAsync(standing);
            await LoadAsync(sweep, CancellationToken.None);
        }

        await Fleet.Activate(new ActiveSweep(Id, terms, time.GetUtcNow()));
        LogStarted(Id, State.Progress.Size, State.Progress.Finished);
    }

    public Task<SweepRecord> Record() => Task.FromResult(record ?? throw Unknown());

    public async Task<LeaseAnswer> Lease(DeviceInfo device)
    {
        var now = time.GetUtcNow();
        foreach (var token in State.Expire(now))
        {
            LogExpired(Id, token);
        }

        var answer = State.Lease(device, now);
        await PersistAsync(answer.Settled, now);
        if (answer is LeaseAnswer.Drained)
        {
            await Fleet.Retire(Id);
        }

        return answer;
    }

    public Task<RenewAnswer> Renew(LeaseToken token) =>
        Task.FromResult(
            !State.Renew(token, time.GetUtcNow()) ? RenewAnswer.Stale
            : State.Progress.Cancelled ? RenewAnswer.HeldToTheEnd
            : RenewAnswer.Held
        );

    public async Task<TellAnswer> Tell(LeaseToken token, IReadOnlyList<CellTold> told)
    {
        var now = time.GetUtcNow();
        var answer = State.Tell(token, told, now);
        if (answer is TellAnswer.Accepted accepted)
        {
            await PersistAsync(accepted.Settled, now);
        }

        return answer;
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
        await Fleet.Wake();
    }

    public async Task Cancel()
    {
        _ = State; // one that was never started cannot be cancelled
        standing.State.Cancelled = true;
        await this.KeepAsync(standing);
        State.Cancel();
        await Fleet.Retire(Id);
    }

    public Task<SweepProgress> Progress() => Task.FromResult(State.Progress);

    private async Task LoadAsync(SweepRecord sweep, CancellationToken cancellation)
    {
        var finished = new List<long>();
        await foreach (var index in store.FinishedIndicesAsync(sweep.Id, cancellation))
        {
            finished.Add(index);
        }

        var devices = (await Fleet.Nodes()).SelectMany(n => n.Node.Devices).ToList();
        var options = new SchedulingOptions
        {
            Seed = sweep.Seed,
            LeaseDuration = times.Value.Lease,
            Devices = Math.Max(1, devices.Count),
            // Without a device yet nothing is known to be too large.
            LargestDeviceMemoryBytes = devices.Count == 0 ? long.MaxValue : devices.Max(d => d.MemoryBytes),
        };
        var loaded = new SweepState(planner.Plan(sweep), options, finished);
        if (standing.State.Paused)
        {
            loaded.Pause();
        }

        if (standing.State.Cancelled)
        {
            loaded.Cancel();
        }

        (record, state) = (sweep, loaded);
        LogLoaded(sweep.Id, finished.Count, devices.Count);
    }

    /// <summary>What the state settled is decided only once it is stored: if that fails, the activation ends and the next loads the truth.</summary>
    private async Task PersistAsync(IReadOnlyList<Settlement> settled, DateTimeOffset now)
    {
        if (settled.Count == 0)
        {
            return;
        }

        var kept = false;
        try
        {
            await store.FinishAsync(Id, [.. settled.Select(s => s.Cell.Ended(s.Outcome, device: null, now))]);
            kept = true;
        }
        finally
        {
            if (!kept)
            {
                DeactivateOnIdle();
            }
        }
    }

    private void Check(SweepRecord sweep)
    {
        if (sweep.Id != Id)
        {
            throw new ArgumentException($"Sweep '{sweep.Id}' was sent to the grain of '{Id}'.", nameof(sweep));
        }

        if (record is not null && (record.Spec != sweep.Spec || record.Seed != sweep.Seed))
        {
            throw new ArgumentException(
                $"Another sweep is stored as '{Id}' already, with another text or seed; give this one an id of its own.",
                nameof(sweep)
            );
        }
    }

    private void RefuseIfCancelled()
    {
        if (State.Progress.Cancelled)
        {
            throw new InvalidOperationException($"Sweep '{Id}' is cancelled; start it again to go on.");
        }
    }

    private InvalidOperationException Unknown() => new($"Sweep '{Id}' is not known here; start it first.");
}

/// <summary>What a user has asked of a sweep; the store keeps only what was measured.</summary>
[GenerateSerializer, Alias("layerbench.SweepStanding")]
internal sealed class SweepStanding
{
    [Id(0)]
    public bool Paused { get; set; }

    [Id(1)]
    public bool Cancelled { get; set; }
}
