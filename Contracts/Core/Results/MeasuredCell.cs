using Layerbench.Core.Quality;

namespace Layerbench.Core.Results;

/// <summary>A finished cell with its launches that are kept, as <see cref="IResultReader.LaunchesAsync"/> gives them.</summary>
public sealed record MeasuredCell(CellResult Cell, IReadOnlyList<LaunchRecord> Launches);

/// <summary>What a store has of a sweep beside its cells.</summary>
/// <param name="Launches">How many are kept.</param>
/// <param name="Outcomes">How many cells ended in each, by name.</param>
public sealed record MeasuredSweep(
    SweepRecord Sweep,
    IReadOnlyList<CanaryRecord> Canaries,
    IReadOnlyList<Fingerprint> Fingerprints,
    IReadOnlyList<RungDecision> Rungs,
    long Launches,
    IReadOnlyDictionary<string, long> Outcomes
);
