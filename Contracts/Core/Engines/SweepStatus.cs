using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Engines;

/// <summary>Where a sweep is.</summary>
public enum SweepStage
{
    /// <summary>It has cells to run, and no device works for it.</summary>
    Waiting,

    Running,

    /// <summary>By a user; slices in flight go on.</summary>
    Paused,

    /// <summary>By a user; slices in flight end after their launch.</summary>
    Cancelled,

    /// <summary>Every cell has an outcome.</summary>
    Finished,

    /// <summary>The engine gave it up, and says why.</summary>
    Stopped,

    /// <summary>It is in the store, and cannot be planned: <see cref="SweepStatus.Reason"/> says why.</summary>
    Unreadable,
}

/// <summary>How far a sweep is.</summary>
/// <param name="User">Who submitted it.</param>
/// <param name="StartedAt">When it was submitted, or submitted again after it was cancelled.</param>
/// <param name="Cells">As far as is known: where conditions exclude points, a bound that falls as they are passed.</param>
/// <param name="Finished">Cells with an outcome.</param>
/// <param name="InFlight">Cells leased to devices now.</param>
/// <param name="Outcomes">How many cells ended in each outcome, by <see cref="Outcome.Name"/>.</param>
/// <param name="Eta">Null while nothing is known of it.</param>
/// <param name="Reason">Why it is in this stage, where that is not a user's word.</param>
public sealed record SweepStatus(
    SweepId Id,
    string Name,
    string User,
    int Priority,
    SweepStage Stage,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    long Cells,
    long Finished,
    int InFlight,
    IReadOnlyDictionary<string, long> Outcomes,
    TimeSpan? Eta,
    string? Reason = null
)
{
    /// <summary>Whether nothing of it goes on.</summary>
    public bool HasEnded =>
        InFlight == 0
        && Stage is SweepStage.Finished or SweepStage.Cancelled or SweepStage.Stopped or SweepStage.Unreadable;

    /// <summary>Cells that were incorrect, failed or poisoned.</summary>
    public long Failures => Outcomes.Where(o => Outcome.Read(o.Key, reason: null).IsFailure).Sum(o => o.Value);

    /// <summary>The stage that progress alone tells.</summary>
    public static SweepStage StageOf(in SweepProgress progress) =>
        progress.Passed == progress.Size && progress.InFlight == 0 ? SweepStage.Finished
        : progress.StopReason is not null ? SweepStage.Stopped
        : progress.Cancelled ? SweepStage.Cancelled
        : progress.Paused ? SweepStage.Paused
        : progress.InFlight > 0 ? SweepStage.Running
        : SweepStage.Waiting;
}

/// <summary>Which sweeps to list: the one submitted last comes first.</summary>
/// <param name="User">Only this user's; null: everybody's.</param>
/// <param name="After">The last one of the page before; null: from the beginning.</param>
public sealed record SweepQuery(int Limit, SweepId? After = null, string? User = null)
{
    /// <summary>Sweeps of one page at most.</summary>
    public const int MostPerPage = 100;
}

/// <param name="Next">What to ask for as <see cref="SweepQuery.After"/>; null: there are no more.</param>
public sealed record SweepPage(IReadOnlyList<SweepStatus> Sweeps, SweepId? Next);

/// <summary>What became of a command on a sweep.</summary>
public abstract record CommandAnswer
{
    private CommandAnswer() { }

    /// <summary>Done, or it was so already.</summary>
    public sealed record Done(SweepStatus Status) : CommandAnswer;

    /// <summary>There is no such sweep.</summary>
    public sealed record Unknown : CommandAnswer;

    /// <summary>The sweep is in a stage that the command does not apply to.</summary>
    public sealed record Refused(string Reason) : CommandAnswer;

    /// <summary>It is another user's.</summary>
    public sealed record NotYours(string Owner) : CommandAnswer;
}

/// <summary>What a user can do to a sweep.</summary>
public enum SweepCommand
{
    /// <summary>No leases until it is resumed; slices in flight go on.</summary>
    Pause,
    Resume,

    /// <summary>No more leases; slices in flight end after their launch. Submitting it again goes on.</summary>
    Cancel,

    /// <summary>Run cells again that were incorrect, failed or poisoned.</summary>
    Rerun,
}

/// <summary>A sweep's status with what its results say so far.</summary>
/// <param name="Verdicts">By variant's label; of the cells that had ended when it was last reckoned.</param>
/// <param name="Incidents">The latest, the last one first.</param>
/// <param name="IncidentCount">All there were.</param>
public sealed record SweepDetails(
    SweepStatus Status,
    IReadOnlyDictionary<string, Analysis.VerdictCounts> Verdicts,
    IReadOnlyList<Incident> Incidents,
    long IncidentCount
)
{
    /// <summary>Incidents that are told of with a status.</summary>
    public const int ShownIncidents = 20;
}
