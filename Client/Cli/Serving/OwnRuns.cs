using System.Collections.Concurrent;
using Layerbench.Cli.Doctor;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Stores;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary>The sweeps that this process runs, is to run, or has run, by the id under which they are served.</summary>
internal sealed class OwnRuns(Workplace place, ServedStores stores, RunQueue queue, TimeProvider time)
{
    private readonly ConcurrentDictionary<SweepId, OwnRun> runs = [];
    private long epochs = time.GetUtcNow().ToUnixTimeMilliseconds();

    public IReadOnlyCollection<OwnRun> All => [.. runs.Values];

    public OwnRun? Find(SweepId sweep) => runs.GetValueOrDefault(sweep);

    /// <summary>One that this process makes for somebody else than the queue.</summary>
    public OwnRun Adopt(LoadedSweep sweep, SweepRecord record) =>
        runs[record.Id] = Make(sweep, record, LocalSweeps.User, priority: 0);

    /// <summary>Puts a sweep into the queue; one that has been measured here goes on where it is.</summary>
    /// <param name="served">The id under which it is served already; null: its own.</param>
    public async Task BeginAsync(
        LoadedSweep sweep,
        string user,
        int priority,
        CancellationToken cancellation,
        bool rerunsFailed = false,
        SweepId? served = null
    )
    {
        var there = await stores.FindAsync(served ?? sweep.Id, cancellation);
        var record = there?.Record ?? sweep.ToRecord(time.GetUtcNow(), Edition.Version(typeof(OwnRuns).Assembly));
        var run = Make(sweep, record, user, priority, there?.Folder, rerunsFailed);
        runs[record.Id] = run;
        try
        {
            await queue.AddAsync([run]);
        }
        catch (StoreException cannot)
        {
            run.Fail(time.GetUtcNow(), cannot.Message, new Dictionary<string, long>());
            throw;
        }
    }

    /// <summary>Goes on with what an earlier process had yet to run.</summary>
    /// <returns>What cannot go on, and why.</returns>
    public async Task<IReadOnlyList<string>> GoOnAsync(IReadOnlyList<KeptRun> kept)
    {
        List<string> lost = [];
        List<OwnRun> found = [];
        foreach (var run in kept)
        {
            try
            {
                var sweep = LoadedSweep.FromRecord(run.Sweep, new SweepRequest([]), place.Catalog.Variants);
                var record = run.Sweep with { Id = run.Served };
                var made = Make(sweep, record, run.User, run.Priority, run.Folder, run.RerunsFailed);
                if (run.IsPaused)
                {
                    made.Control.Pause();
                }

                found.Add(made);
            }
            catch (BadInputException wrong)
            {
                lost.Add(
                    $"'{run.Served}' was waiting and cannot be planned any more: {string.Join("; ", wrong.Messages)}"
                );
            }
        }

        foreach (var run in found)
        {
            runs[run.Record.Id] = run;
        }

        await queue.AddAsync(found);
        return lost;
    }

    /// <summary>Why a command on a sweep that stands so is not carried out; null: it is, as far as that can be told.</summary>
    public string? Refusal(SweepStatus status, SweepCommand command) =>
        command == SweepCommand.Rerun
            ? LocalSweeps.IsGoingOn(status)
                ? $"'{status.Id}' has not ended; rerun what failed when it has, or cancel it first"
                : null
            : Find(status.Id) switch
            {
                null when status.Stage == SweepStage.Running =>
                    $"another process runs '{status.Id}'; stop it there (Ctrl-C)",
                null => $"'{status.Id}' is not running; submit its text again to go on with it",
                { HasEnded: true } run when command != SweepCommand.Cancel || !run.IsCancelled =>
                    $"'{status.Id}' has ended; submit its text again to go on with it",
                _ => null,
            };

    /// <summary>Runs failed cells of a sweep that has ended again.</summary>
    /// <returns>Why not; null: it will.</returns>
    public async Task<string?> RerunAsync(SweepStatus status, CancellationToken cancellation)
    {
        if (Refusal(status, SweepCommand.Rerun) is { } refused)
        {
            return refused;
        }

        var sweep = Find(status.Id)?.Sweep;
        if (sweep is null)
        {
            var found = (await stores.FindAsync(status.Id, cancellation))!;
            try
            {
                var stored = found.Record with { Id = found.Stored };
                sweep = LoadedSweep.FromRecord(stored, new SweepRequest([]), place.Catalog.Variants);
            }
            catch (BadInputException wrong)
            {
                return $"'{status.Id}' cannot be planned here: {string.Join("; ", wrong.Messages)}";
            }
        }

        await BeginAsync(sweep, status.User, status.Priority, cancellation, rerunsFailed: true, status.Id);
        return null;
    }

    /// <summary>Pauses a run, resumes or cancels it.</summary>
    /// <returns>Why not; null: done.</returns>
    public async Task<string?> ChangeAsync(SweepStatus status, SweepCommand command)
    {
        if (Refusal(status, command) is { } refused)
        {
            return refused;
        }

        var run = runs[status.Id];
        if (run.HasEnded)
        {
            return null; // It was cancelled before.
        }

        switch (command)
        {
            case SweepCommand.Pause:
                run.Control.Pause();
                break;
            case SweepCommand.Resume:
                run.Control.Resume();
                break;
            case SweepCommand.Cancel:
                run.Cancel();
                if (queue.Remove(run))
                {
                    run.Withdraw(time.GetUtcNow(), status.Outcomes);
                }

                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        await queue.ChangedAsync();
        return null;
    }

    private OwnRun Make(
        LoadedSweep sweep,
        SweepRecord record,
        string user,
        int priority,
        string? folder = null,
        bool rerunsFailed = false
    ) =>
        new(
            sweep,
            record,
            SweepPlan.Create(sweep.Spec, place.Catalog.Variants),
            user,
            priority,
            Interlocked.Increment(ref epochs)
        )
        {
            Folder = folder,
            RerunsFailed = rerunsFailed,
        };
}
