using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Serving;

/// <summary>A sweep that another process runs now.</summary>
/// <param name="ProcessId">Null: it is not known, e.g. of another machine that shares the folder.</param>
internal sealed record OtherRun(SweepId Sweep, string Folder, int? ProcessId);

/// <summary>Sweeps that no run of this process makes: their stores say how far they are.</summary>
internal sealed class OtherRuns(VariantCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan poll = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Folder, SweepId Sweep), long?> counts = [];

    /// <summary>Those that another process runs now, as the locks of their folders say.</summary>
    /// <param name="isOwn">Whether this process runs it.</param>
    public static IReadOnlyList<OtherRun> GoingOn(IReadOnlyList<ServedSweep> sweeps, Func<SweepId, bool> isOwn) =>
        [
            .. sweeps
                .GroupBy(s => s.Folder, StringComparer.Ordinal)
                .Select(f => (Run: OutputFolder.RunIn(f.Key), Sweeps: f))
                .Where(f => f.Run is { IsGoingOn: true })
                .SelectMany(f =>
                    f.Sweeps.Where(s => s.Stored == f.Run!.Sweep && !isOwn(s.Record.Id))
                        .Select(s => new OtherRun(s.Record.Id, f.Sweeps.Key, f.Run!.ProcessId))
                ),
        ];

    public SweepStatus Status(ServedSweep sweep, IReadOnlyDictionary<string, long> outcomes)
    {
        var finished = outcomes.Values.Sum();
        var cells = counts.GetOrAdd((sweep.Folder, sweep.Stored), _ => FoundRun.Count(sweep.Record, catalog));
        var (stage, reason) =
            cells == finished ? (SweepStage.Finished, null)
            : OutputFolder.IsHeld(sweep.Folder) ? (SweepStage.Running, null)
            : (
                SweepStage.Stopped,
                cells is null
                    ? "its plan cannot be made here, e.g. because a variant's backend is not here; how many cells are left is not known"
                    : $"nobody runs it now; `layerbench run --resume {sweep.Folder}` goes on"
            );
        return new SweepStatus(
            sweep.Record.Id,
            sweep.Record.Name,
            "local",
            Priority: 0,
            stage,
            sweep.Record.CreatedAt,
            StartedAt: null,
            Math.Max(cells ?? finished, finished),
            finished,
            InFlight: 0,
            outcomes,
            Eta: null,
            reason
        );
    }

    /// <summary>What can be told from its store: how many cells have ended, and that it goes on no more.</summary>
    public async IAsyncEnumerable<SweepEvent> EventsAsync(
        ServedSweep sweep,
        EventId? after,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var told = after;
        while (true)
        {
            var outcomes = await sweep.Store.CountsAsync(sweep.Stored, cancellation);
            var status = Status(sweep, outcomes);
            var now = time.GetUtcNow();
            // The epoch is what the numbers count from: cells that have ended, so that a client that comes back is told only what is new.
            var id = new EventId(1, status.Finished + 1);
            if (told is null)
            {
                yield return new SweepEvent(
                    id,
                    new EngineEvent.SweepStarted(now, status.Id, status.Cells, status.Finished, [])
                );
            }

            if (told != id)
            {
                yield return new SweepEvent(id, Progress(now, status));
                told = id;
            }

            if (status.HasEnded)
            {
                yield return new SweepEvent(id, End(now, status));
                yield break;
            }

            await Task.Delay(poll, time, cancellation);
        }
    }

    private static EngineEvent.ProgressMade Progress(DateTimeOffset now, SweepStatus status) =>
        new(
            now,
            new SweepProgress(status.Cells, status.Finished, status.Finished, 0, 0, Paused: false, Cancelled: false),
            Eta: null
        );

    private static EngineEvent.SweepEnded End(DateTimeOffset now, SweepStatus status) =>
        new(
            now,
            status.Stage == SweepStage.Finished ? RunEnd.Finished : RunEnd.Interrupted,
            status.Outcomes,
            TimeSpan.Zero,
            status.Reason
        );
}
