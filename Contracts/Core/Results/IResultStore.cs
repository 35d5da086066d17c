using Layerbench.Core.Quality;

namespace Layerbench.Core.Results;

/// <summary>A sweep as the store keeps it.</summary>
/// <param name="Spec">The sweep file's text, overrides applied, from which the plan can be made again.</param>
public sealed record SweepRecord(
    SweepId Id,
    string Name,
    string Spec,
    ulong Seed,
    DateTimeOffset CreatedAt,
    string ProductVersion
);

/// <summary>A cell and how it ended.</summary>
public sealed record CellResult(
    long Index,
    CellId Id,
    IReadOnlyDictionary<string, AxisValue> Point,
    IReadOnlyList<string> Labels,
    string Baseline,
    Outcome Outcome,
    DeviceId? Device,
    DateTimeOffset FinishedAt
);

/// <summary>Everything that one launch of a slice brought, kept or refused as a whole.</summary>
/// <param name="Epoch">From <see cref="IResultStore.TakeEpochAsync"/>: under whose coordination it ran; null: not fenced.</param>
public sealed record LaunchBatch(
    SweepId Sweep,
    Fingerprint Fingerprint,
    IReadOnlyList<LaunchRecord> Launches,
    long? Epoch = null
)
{
    /// <summary>Cells that end with these launches: kept with them, or refused with them. One that is finished already stays as it is.</summary>
    public IReadOnlyList<CellResult> Ends { get; init; } = [];
}

/// <summary>The environment a launch ran in; two equal sets of entries have one id.</summary>
public sealed record Fingerprint(FingerprintId Id, IReadOnlyDictionary<string, string> Entries);

/// <summary>One death of a worker, or one error it reported.</summary>
/// <param name="Cause"><c>worker_lost</c>, <c>oom</c>, <c>timeout</c>, <c>error</c>, <c>protocol</c>, <c>preempted</c>.</param>
public sealed record Incident(
    CellId? Cell,
    DateTimeOffset At,
    DeviceId Device,
    string Cause,
    string Message,
    string StderrTail
)
{
    /// <summary>Whether a worker died or hung: it counts among its cell's <see cref="CellProgress.Crashes"/>.</summary>
    public bool IsDeath => Cause is "worker_lost" or "oom" or "timeout" or "protocol";
}

/// <summary>Where in a launch a canary was measured: before its first cell or after its last.</summary>
public enum CanaryPlace
{
    First,
    Last,
}

/// <summary>What a device could do at one end of a time launch.</summary>
/// <param name="Launch">When the launch was started; with the device it names the launch.</param>
/// <param name="GemmFlopsPerSecond">Of a product of float32 matrices; see docs/protocol.md.</param>
/// <param name="TriadBytesPerSecond">Null where memory was short.</param>
public sealed record CanaryRecord(
    DeviceId Device,
    FingerprintId Fingerprint,
    DateTimeOffset Launch,
    DateTimeOffset At,
    CanaryPlace Place,
    double GemmFlopsPerSecond,
    double? TriadBytesPerSecond
);

/// <summary>
/// How far a cell has come: launches kept (not superseded) per kind, the fingerprint of the latest, crashes since it was
/// last reopened (incidents <c>worker_lost</c>, <c>oom</c>, <c>timeout</c>, <c>protocol</c>).
/// </summary>
public readonly record struct CellProgress(
    int TimeLaunches,
    int MemoryLaunches,
    FingerprintId? Fingerprint,
    int Crashes,
    int QualityLaunches = 0
);

/// <param name="Accepted">Launch records that are new.</param>
/// <param name="Duplicates">
/// Launch records that the store had already, or whose cell had ended without them; the store is left as it was.
/// </param>
public readonly record struct AcceptResult(int Accepted, int Duplicates);

/// <summary>
/// The truth of what has been measured. Writes return when they are durable. Finished cells are immutable;
/// a launch's samples land exactly once (unique key: sweep, cell, kind, number among those not superseded).
/// Times of day are kept to the microsecond, in UTC.
/// </summary>
public interface IResultStore : IResultIndex, IAsyncDisposable
{
    /// <summary>Keeps a sweep; one that is there already, with the same id, is left as it is.</summary>
    Task SaveSweepAsync(SweepRecord sweep, CancellationToken cancellation = default);

    /// <summary>Plan indices of all finished cells.</summary>
    IAsyncEnumerable<long> FinishedIndicesAsync(SweepId sweep, CancellationToken cancellation = default);

    /// <summary>Progress of these cells; one with neither launches nor crashes has no entry.</summary>
    Task<IReadOnlyDictionary<CellId, CellProgress>> ProgressAsync(
        SweepId sweep,
        IReadOnlyCollection<CellId> cells,
        CancellationToken cancellation = default
    );

    /// <summary>Keeps one launch of a slice, whole. Repeating it changes nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// The sweep is not saved, or a cell's launches of the same kind that are kept have another fingerprint: they are
    /// to be superseded first.
    /// </exception>
    /// <exception cref="StaleEpochException">A newer epoch of the sweep has been taken; nothing was kept.</exception>
    Task<AcceptResult> AcceptAsync(LaunchBatch batch, CancellationToken cancellation = default);

    /// <summary>
    /// Sets a cell's launches aside that have another fingerprint than <paramref name="keep"/>: kept, marked superseded.
    /// Those of a finished cell stay. Returns how many.
    /// </summary>
    Task<int> SupersedeAsync(SweepId sweep, CellId cell, FingerprintId keep, CancellationToken cancellation = default);

    /// <summary>Writes how cells ended; returns how many are new. A cell that is finished already stays as it is.</summary>
    Task<int> FinishAsync(SweepId sweep, IReadOnlyList<CellResult> cells, CancellationToken cancellation = default);

    /// <inheritdoc cref="FinishAsync(SweepId, IReadOnlyList{CellResult}, CancellationToken)"/>
    /// <param name="epoch">From <see cref="TakeEpochAsync"/>; null: not fenced.</param>
    /// <exception cref="StaleEpochException">A newer epoch of the sweep has been taken; nothing was written.</exception>
    Task<int> FinishAsync(
        SweepId sweep,
        IReadOnlyList<CellResult> cells,
        long? epoch,
        CancellationToken cancellation = default
    );

    /// <summary>
    /// Begins a new epoch of the sweep and returns its number: 1, 2, 3, … Once this has returned, no write that carries
    /// an older one is kept, so that of two who think that they coordinate a sweep only the later is heard. Writes that
    /// carry none are not held to it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sweep is not saved.</exception>
    Task<long> TakeEpochAsync(SweepId sweep, CancellationToken cancellation = default);

    Task RecordIncidentAsync(SweepId sweep, Incident incident, CancellationToken cancellation = default);

    /// <summary>Keeps canaries of one launch; one that is there already (same device, launch and place) stays as it is.</summary>
    /// <exception cref="ArgumentException">One names another fingerprint.</exception>
    Task RecordCanariesAsync(
        SweepId sweep,
        Fingerprint fingerprint,
        IReadOnlyList<CanaryRecord> canaries,
        CancellationToken cancellation = default
    );

    /// <summary>Keeps what was decided of a training at a rung; the first decision of a cell, label and step stays.</summary>
    Task RecordRungAsync(SweepId sweep, RungDecision decision, CancellationToken cancellation = default);

    /// <summary>Forgets the outcome, crashes and failures (not the samples) of cells with these outcomes, so that they are run again; returns how many.</summary>
    Task<int> ReopenAsync(
        SweepId sweep,
        IReadOnlyCollection<string> outcomes,
        CancellationToken cancellation = default
    );

    /// <summary>
    /// Forgets the outcome of unconverged cells that have time launches, but fewer than this, so that they go on; returns how
    /// many. Crashes still count against them.
    /// </summary>
    Task<int> ReopenUnconvergedAsync(SweepId sweep, int fewerThan, CancellationToken cancellation = default);
}
