using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Grains.Sweeps;

/// <summary>
/// What is told of a sweep to those who watch, from one loading of its state to the next: its events, and when it is
/// expected to end. Holds which slices are out and since when; without clock or I/O.
/// </summary>
/// <param name="epoch">Under which the state was loaded.</param>
internal sealed class SweepWatch(long epoch)
{
    /// <summary>Events that a watcher may be behind: some seconds of a fast sweep, hours of an ordinary one.</summary>
    private const int Remembered = 4096;

    /// <summary>Progress is told at most this often; a terminal draws no faster.</summary>
    private static readonly TimeSpan progressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A device that has told of a slice and does not ask for the next within this works for others.</summary>
    private static readonly TimeSpan toAskAgain = TimeSpan.FromSeconds(2);

    private readonly EventLog log = new(epoch, Remembered);
    private readonly Dictionary<LeaseToken, (Slice Slice, DateTimeOffset Since)> slices = [];
    private readonly Dictionary<DeviceId, DateTimeOffset> toldAt = [];
    private TimeSpan spent;
    private DateTimeOffset progressToldAt;
    private EngineEvent.SweepEnded? end;

    /// <summary>The sweep has ended, and that has been told.</summary>
    public bool HasEnded => end is not null;

    /// <summary>A device was answered.</summary>
    public void Given(LeaseAnswer answer, DateTimeOffset now)
    {
        Settled(answer.Settled, now);
        if (answer is LeaseAnswer.Granted { Slice: var slice })
        {
            slices[slice.Token] = (slice, now);
            toldAt.Remove(slice.Device);
            log.Add(new EngineEvent.SliceLeased(now, slice.Device, slice.Cells.Count, slice.Attempt));
        }
    }

    /// <summary>A slice is not out any more, and nothing is known of it.</summary>
    public void Expired(LeaseToken token) => slices.Remove(token);

    /// <summary>What became of a slice was accepted, and settled these cells.</summary>
    public void Told(
        LeaseToken token,
        IReadOnlyList<CellTold> told,
        IReadOnlyList<Settlement> settled,
        DateTimeOffset now
    )
    {
        if (slices.Remove(token, out var taken))
        {
            spent += now - taken.Since;
            toldAt[taken.Slice.Device] = now;
            Told(taken.Slice, told, now);
        }

        Settled(settled, now);
    }

    /// <summary>What devices say that they are at.</summary>
    public void Seen(IReadOnlyList<EngineEvent> events)
    {
        if (end is null)
        {
            foreach (var e in events)
            {
                log.Add(e);
            }
        }
    }

    /// <summary>Tells how far the sweep is, if that was not told a moment ago; whether it was told.</summary>
    public bool Progress(SweepState state, DateTimeOffset now)
    {
        if (now - progressToldAt < progressInterval)
        {
            return false;
        }

        progressToldAt = now;
        log.Add(ProgressOf(state, now));
        return true;
    }

    /// <summary>How far it is, for metrics.</summary>
    /// <param name="finishedBefore">Cells that had ended when the state was loaded.</param>
    public SweepStand Stand(SweepState state, long finishedBefore, bool isOver, DateTimeOffset now)
    {
        // Of a paused one nobody knows, and that is not its being late.
        var eta =
            isOver ? TimeSpan.Zero
            : state.Progress.Paused ? null
            : Eta(state, now);
        var bound = MakespanBound.Of(state.Progress, finishedBefore, spent, eta, Working(now), state.Devices);
        return new SweepStand(state.Progress, eta, bound, isOver) { FailureBudgetUsed = state.FailureBudgetUsed };
    }

    /// <summary>Tells the end, once.</summary>
    public void Ended(EngineEvent.SweepEnded how, SweepState state)
    {
        if (end is null)
        {
            end = how;
            log.Add(ProgressOf(state, how.At));
            log.Add(how);
        }
    }

    /// <summary>When what is left will be done; null while nothing is known of it.</summary>
    public TimeSpan? Eta(SweepState state, DateTimeOffset now) =>
        Core.Scheduling.Eta.Remaining(
            state.Work,
            spent,
            [.. slices.Values.Select(s => new SliceInFlight(now - s.Since, LaunchesDone: 0, LaunchesLeft: 0))],
            Working(now)
        );

    /// <summary>The events after one that was seen; null: not all of them are remembered, or they are another activation's.</summary>
    public EventPage? After(EventId seen, int most) =>
        log.After(seen, most) is { } events ? new EventPage(events, HasEnded && events.Count < most) : null;

    /// <summary>For one who was not here: the last events, and how the sweep stands now.</summary>
    public EventPage Snapshot(EngineEvent.SweepStarted started, SweepState state, DateTimeOffset now)
    {
        // Cells that are told of one by one are not told of before: who counts them comes to the same.
        var told = log.Latest().Count(e => e.Event is EngineEvent.CellFinished);
        var before = Math.Max(0, started.FinishedBefore - told);
        return new EventPage(log.Snapshot(started with { FinishedBefore = before }, ProgressOf(state, now)), HasEnded);
    }

    /// <summary>Devices that work for it; at least 1. How far it is, is told when a slice has ended, and its device is one of them.</summary>
    private int Working(DateTimeOffset now) =>
        Math.Max(1, slices.Count + toldAt.Values.Count(at => now - at < toAskAgain));

    private void Told(Slice slice, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        var cells = slice.Cells.ToDictionary(c => c.Index);
        foreach (var one in told)
        {
            switch (one)
            {
                case CellTold.Ended ended:
                    var result = cells[ended.Index].Ended(ended.Outcome, slice.Device, now);
                    log.Add(new EngineEvent.CellFinished(now, result, Estimate: null));
                    break;
                case CellTold.Crashed crashed:
                    // The end of its stderr is in the store.
                    var cell = cells[crashed.Index].Id;
                    var incident = new Incident(cell, now, slice.Device, crashed.Cause, crashed.Message, "");
                    log.Add(new EngineEvent.IncidentSeen(now, incident));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Cells that the scheduler ended itself.</summary>
    private void Settled(IReadOnlyList<Settlement> settled, DateTimeOffset now)
    {
        foreach (var one in settled)
        {
            var result = one.Cell.Ended(one.Outcome, device: null, now);
            log.Add(new EngineEvent.CellFinished(now, result, Estimate: null));
        }
    }

    private EngineEvent.ProgressMade ProgressOf(SweepState state, DateTimeOffset now) =>
        new(now, state.Progress, Eta(state, now));
}
