using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Engines;

/// <summary>What an engine tells those who watch a run: the command's progress, <c>--json</c>, metrics, the live page.</summary>
public abstract record EngineEvent(DateTimeOffset At)
{
    public sealed record SweepStarted(
        DateTimeOffset At,
        SweepId Sweep,
        long Cells,
        long FinishedBefore,
        IReadOnlyList<DeviceInfo> Devices
    ) : EngineEvent(At);

    /// <summary>Another process measures on the device; this one waits for it.</summary>
    public sealed record DeviceBusy(DateTimeOffset At, DeviceId Device, string Holder) : EngineEvent(At);

    public sealed record SliceLeased(DateTimeOffset At, DeviceId Device, int Cells, int Attempt) : EngineEvent(At);

    /// <param name="Number">0-based among the slice's launches of this kind.</param>
    public sealed record LaunchStarted(
        DateTimeOffset At,
        DeviceId Device,
        LaunchKind Kind,
        int Number,
        int Of,
        int Cells
    ) : EngineEvent(At);

    public sealed record CellStarted(DateTimeOffset At, DeviceId Device, Cell Cell, LaunchKind Kind, int Launch)
        : EngineEvent(At);

    /// <summary>The launch's samples are in the store.</summary>
    public sealed record LaunchStored(
        DateTimeOffset At,
        DeviceId Device,
        LaunchKind Kind,
        int Number,
        int Cells,
        TimeSpan ProcessStart
    ) : EngineEvent(At);

    /// <summary>How far a training is; about twice a second.</summary>
    /// <param name="Label">The variant's.</param>
    /// <param name="Steps">All steps of the training; null where the pass has no such axis.</param>
    /// <param name="Metric">The headline value so far; null where the worker did not tell it, or it is no number.</param>
    public sealed record TrainingProgressed(
        DateTimeOffset At,
        DeviceId Device,
        Cell Cell,
        string Label,
        long Step,
        long? Steps,
        string MetricName,
        double? Metric,
        double? Loss
    ) : EngineEvent(At);

    /// <summary>A training has reached a rung, and goes on or ends there.</summary>
    public sealed record RungDecided(DateTimeOffset At, DeviceId Device, Cell Cell, RungDecision Decision)
        : EngineEvent(At);

    /// <param name="Estimate">Null where the cell was not timed.</param>
    public sealed record CellFinished(DateTimeOffset At, CellResult Result, CellEstimate? Estimate) : EngineEvent(At)
    {
        /// <summary>Of a cell of a quality pass: one a variant; else empty.</summary>
        public IReadOnlyList<Training> Trainings { get; init; } = [];
    }

    public sealed record IncidentSeen(DateTimeOffset At, Incident Incident) : EngineEvent(At);

    /// <param name="Eta">Null while nothing is known of it.</param>
    /// <param name="LaunchesDone">Cells' launches stored in this run: one for each cell that a worker went through.</param>
    /// <param name="LaunchesExpected">What that is expected to end at. It grows where a cell turns out to need more.</param>
    public sealed record ProgressMade(
        DateTimeOffset At,
        SweepProgress Progress,
        TimeSpan? Eta,
        long LaunchesDone = 0,
        long LaunchesExpected = 0
    ) : EngineEvent(At);

    /// <param name="Outcomes">How many cells of the whole sweep ended in each outcome, by name.</param>
    /// <param name="Reason">What to tell the user where the end is neither of its own nor of the user's making.</param>
    public sealed record SweepEnded(
        DateTimeOffset At,
        RunEnd End,
        IReadOnlyDictionary<string, long> Outcomes,
        TimeSpan Elapsed,
        string? Reason = null
    ) : EngineEvent(At);
}

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    Finished,
    Interrupted,
    BudgetSpent,

    /// <summary>A backend's workers do not start or speak another protocol; the run goes on when that is repaired.</summary>
    BackendUnusable,

    /// <summary>The engine gave it up, e.g. because too many of its cells failed; the event says why.</summary>
    Stopped,
}
