using System.Collections.Concurrent;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Devices;
using Layerbench.Metrics;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Launches;

/// <summary>
/// Runs the slices of one sweep: repeated launches, each in a fresh worker, each kept as it ends. Serves all devices of
/// a run at once; what it remembers between slices is only how often a backend has failed to start.
/// </summary>
public sealed class SliceRunner : ISliceRunner
{
    private readonly SliceRunnerOptions options;
    private readonly SliceRunnerParts parts;
    private readonly Action<EngineEvent> onEvent;
    private readonly ILogger logger;
    private readonly Fingerprints fingerprints;
    private readonly IRungDecisions rungs;
    private readonly ConcurrentDictionary<string, int> failedStarts = new(StringComparer.Ordinal);

    public SliceRunner(SliceRunnerOptions options, SliceRunnerParts parts, Action<EngineEvent> onEvent, ILogger logger)
    {
        this.options = options;
        this.parts = parts;
        this.onEvent = onEvent;
        this.logger = logger;
        rungs = parts.Rungs ?? new RungDecisions(options, parts.Store);
        fingerprints = new Fingerprints(new HostFacts(new HostFiles(), options.NvmlLibrary), options);
    }

    /// <inheritdoc/>
    /// <remarks>Soft stop: the cell in flight is finished, its launch kept with the cells it has reached.</remarks>
    /// <exception cref="BackendUnusableException">Workers of this backend do not start, or speak another protocol.</exception>
    public async Task<IReadOnlyList<CellTold>> RunAsync(
        Slice slice,
        DeviceInfo device,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        using var span = Spans.Slice(options.Sweep, slice);
        return await new SliceRun(
            new SliceContext(options, parts, fingerprints, rungs, failedStarts, onEvent, logger),
            slice,
            device,
            stop,
            kill
        )
            .RunAsync()
            .ConfigureAwait(false);
    }
}

/// <summary>What all slices of a run share.</summary>
/// <param name="FailedStarts">In a row, by backend.</param>
internal sealed record SliceContext(
    SliceRunnerOptions Options,
    SliceRunnerParts Parts,
    Fingerprints Fingerprints,
    IRungDecisions Rungs,
    ConcurrentDictionary<string, int> FailedStarts,
    Action<EngineEvent> OnEvent,
    ILogger Logger
);
