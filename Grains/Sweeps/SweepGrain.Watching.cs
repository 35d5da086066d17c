using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics;

namespace Layerbench.Grains.Sweeps;

/// <summary>What those who watch are told, and running failed cells again.</summary>
internal sealed partial class SweepGrain
{
    private SweepWatch? watch;
    private bool isStarting;

    private bool IsOver =>
        Shown is { InFlight: 0 } progress && (progress.Cancelled || progress.Passed == progress.Size);

    /// <summary>What the store has not heard of yet is in flight, to those who look on meanwhile.</summary>
    private SweepProgress Shown =>
        isSettling ? State.Progress with { InFlight = State.Progress.InFlight + 1 } : State.Progress;

    public async Task<SweepStatus?> Status()
    {
        if (record is null || state is null)
        {
            EndIfNeverStarted();
            return null;
        }

        var now = time.GetUtcNow();
        Expire(now);
        var progress = Shown;
        var terms = standing.State.Terms;
        return new SweepStatus(
            Id,
            record.Name,
            terms.User,
            terms.Priority,
            SweepStatus.StageOf(progress),
            record.CreatedAt,
            standing.State.StartedAt,
            progress.Size - progress.Excluded,
            progress.Finished,
            progress.InFlight,
            await store.CountsAsync(Id),
            IsOver ? TimeSpan.Zero : watch?.Eta(state, now),
            progress.StopReason
        );
    }

    public async Task<EventPage?> Events(EventId after, int most)
    {
        if (record is null || state is null || watch is null)
        {
            EndIfNeverStarted();
            return null;
        }

        var now = time.GetUtcNow();
        Expire(now);
        // Here and not where the last cell is told of: whoever watches asks, and nobody else needs it.
        if (IsOver && !watch.HasEnded)
        {
            watch.Ended(await EndAsync(now), state);
        }

        return watch.After(after, most) ?? watch.Snapshot(await SnapshotAsync(now), state, now);
    }

    public Task Seen(IReadOnlyList<EngineEvent> events)
    {
        watch?.Seen(events);
        return Task.CompletedTask;
    }

    public async Task RerunFailed()
    {
        if (State.Progress is { Cancelled: true, StopReason: null })
        {
            RefuseIfCancelled();
        }

        var reopened = await store.ReopenAsync(Id, Outcome.FailureNames);
        if (reopened == 0 && standing.State.StopReason is null)
        {
            return;
        }

        standing.State.StopReason = null;
        standing.State.FailedAtStart = 0;
        await this.KeepAsync(standing);
        // Slices that are out end under an epoch that is over, and their cells are given out again.
        await LoadAgainAsync();
        await Fleet.Activate(Active);
        LogRerun(Id, reopened);
    }

    /// <summary>Anybody may ask for any name, and each that there is no sweep of would stay in memory for hours.</summary>
    private void EndIfNeverStarted()
    {
        if (!isStarting && standing.State.Pin is null)
        {
            DeactivateOnIdle();
        }
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var token in State.Expire(now))
        {
            watch?.Expired(token);
            meter?.Lost(token, EngineMetrics.NotRenewed, now);
            LogExpired(Id, token);
        }
    }

    private async Task<EngineEvent.SweepEnded> EndAsync(DateTimeOffset now) =>
        new(
            now,
            State.Progress.StopReason is not null ? RunEnd.Stopped
                : State.Progress.Passed == State.Progress.Size ? RunEnd.Finished
                : RunEnd.Interrupted,
            await store.CountsAsync(Id),
            now - (standing.State.StartedAt ?? record!.CreatedAt),
            State.Progress.StopReason
        );

    private async Task<EngineEvent.SweepStarted> SnapshotAsync(DateTimeOffset now)
    {
        // First, for cells may end while the fleet is asked.
        var devices = await DevicesAsync();
        var progress = State.Progress;
        return new EngineEvent.SweepStarted(
            standing.State.StartedAt ?? now,
            Id,
            progress.Size - progress.Excluded,
            progress.Finished,
            devices
        );
    }

    /// <summary>Under the names by which the cluster knows them; none where the fleet does not answer.</summary>
    private async Task<IReadOnlyList<DeviceInfo>> DevicesAsync()
    {
        try
        {
            var nodes = await Fleet.Nodes().WaitAsync(times.Value.Call, time);
            return [.. nodes.SelectMany(n => n.Node.Devices.Select(d => new DeviceKey(n.Node.Name, d.Id).Named(d)))];
        }
        catch (Exception error) when (Unanswered.Is(error))
        {
            return [];
        }
    }
}
