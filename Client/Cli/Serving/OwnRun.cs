using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Local;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary>A sweep that this process runs, is to run, or has run: how far it is, and what happened lately.</summary>
internal sealed class OwnRun(
    LoadedSweep sweep,
    SweepRecord record,
    SweepPlan plan,
    string user,
    int priority,
    long epoch
) : IRunView
{
    private const int Remembered = 4096;

    private readonly Lock gate = new();
    private readonly EventLog log = new(epoch, Remembered);
    private readonly CancellationTokenSource cancel = new();
    private TaskCompletionSource told = NewSignal();
    private EngineEvent.SweepStarted? started;
    private EngineEvent.ProgressMade? progress;
    private EngineEvent.SweepEnded? end;
    private IRunView? behind;
    private string? doing;

    public LoadedSweep Sweep { get; private set; } = sweep;
    public SweepRecord Record { get; } = record;
    public SweepPlan Plan { get; private set; } = plan;
    public string User { get; } = user;
    public int Priority { get; } = priority;
    public RunControl Control { get; } = new();

    /// <summary>Another run of the same sweep has a later one.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>Whether failures of an earlier run are to be tried again.</summary>
    public bool RerunsFailed { get; init; }

    /// <summary>Where it has been measured before; null: nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Somebody has cancelled it.</summary>
    public CancellationToken Cancelled => cancel.Token;

    public bool IsCancelled => cancel.IsCancellationRequested;

    public bool HasBegun
    {
        get
        {
            lock (gate)
            {
                return started is not null;
            }
        }
    }

    public bool HasEnded
    {
        get
        {
            lock (gate)
            {
                return end is not null;
            }
        }
    }

    /// <summary>Every cell has an outcome.</summary>
    public bool HasFinished
    {
        get
        {
            lock (gate)
            {
                return end?.End == RunEnd.Finished;
            }
        }
    }

    /// <summary>Devices that work for it.</summary>
    public IReadOnlyList<DeviceInfo> Devices
    {
        get
        {
            lock (gate)
            {
                return end is null ? started?.Devices ?? [] : [];
            }
        }
    }

    /// <summary>Itself, which tells another view too; who made that ends it.</summary>
    public OwnRun Beside(IRunView view)
    {
        behind = view;
        return this;
    }

    public void Cancel() => cancel.Cancel();

    public void See(EngineEvent e)
    {
        behind?.See(e);
        lock (gate)
        {
            log.Add(e);
            started = e as EngineEvent.SweepStarted ?? started;
            progress = e as EngineEvent.ProgressMade ?? progress;
            end = e as EngineEvent.SweepEnded ?? end;
            told.SetResult();
            told = NewSignal();
        }
    }

    public void Say(string line) => behind?.Say(line);

    /// <summary>Before the first cell is begun a pilot chooses what is wanted by <c>match: time</c>.</summary>
    public void Pilot()
    {
        lock (gate)
        {
            doing = "a pilot times candidates for match: time";
        }
    }

    /// <summary>As it is run: with what a pilot has chosen.</summary>
    public void Begin(LoadedSweep chosen, SweepPlan planned)
    {
        lock (gate)
        {
            (Sweep, Plan, doing) = (chosen, planned, null);
        }
    }

    /// <summary>It could not be run, or not to its end.</summary>
    public void Fail(DateTimeOffset now, string reason, IReadOnlyDictionary<string, long> outcomes)
    {
        if (!HasEnded)
        {
            See(new EngineEvent.SweepEnded(now, RunEnd.Stopped, outcomes, TimeSpan.Zero, reason));
        }
    }

    /// <summary>Ended before it was begun.</summary>
    public void Withdraw(DateTimeOffset now, IReadOnlyDictionary<string, long> outcomes) =>
        See(new EngineEvent.SweepEnded(now, RunEnd.Interrupted, outcomes, TimeSpan.Zero));

    public SweepStatus Status(IReadOnlyDictionary<string, long> outcomes)
    {
        lock (gate)
        {
            var cells = Plan.Count ?? Plan.Size;
            var finished = outcomes.Values.Sum();
            var inFlight = end is null ? progress?.Progress.InFlight ?? 0 : 0;
            return new SweepStatus(
                Record.Id,
                Record.Name,
                User,
                Priority,
                Stage(finished, cells),
                Record.CreatedAt,
                started?.At,
                Math.Max(cells, finished),
                finished,
                inFlight,
                outcomes,
                end is null ? progress?.Eta : null,
                end is null ? doing : end.Reason ?? (end.End == RunEnd.BudgetSpent ? "its budget is spent" : null)
            );
        }
    }

    /// <summary>What the next process must know to run it.</summary>
    public KeptRun ToKeep() =>
        new(Record with { Id = Sweep.Id }, Record.Id, Folder, User, Priority, Control.IsPaused, RerunsFailed);

    /// <summary>What came after; whether that is all; and what completes when there is more.</summary>
    public (IReadOnlyList<SweepEvent> Events, bool Ended, Task More) After(EventId? seen, DateTimeOffset now)
    {
        lock (gate)
        {
            var events =
                seen is { } last && log.After(last, int.MaxValue) is { } missed ? missed
                : seen is null && log.After(log.Last with { Sequence = 0 }, int.MaxValue) is { } all ? all
                : Snapshot(now);
            return (events, end is not null, told.Task);
        }
    }

    public ValueTask DisposeAsync()
    {
        cancel.Dispose();
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<SweepEvent> Snapshot(DateTimeOffset now) =>
        log.Snapshot(started ?? new EngineEvent.SweepStarted(now, Record.Id, Plan.Count ?? Plan.Size, 0, []), progress);

    private SweepStage Stage(long finished, long cells) =>
        end is null
            ? Control.IsPaused
                ? SweepStage.Paused
                : started is null
                    ? SweepStage.Waiting
                    : SweepStage.Running
            : cancel.IsCancellationRequested && finished < cells
                ? SweepStage.Cancelled
                : end.End == RunEnd.Finished
                    ? SweepStage.Finished
                    : SweepStage.Stopped;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
