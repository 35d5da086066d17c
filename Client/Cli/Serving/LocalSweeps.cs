using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary>
/// This machine as an engine that serves several users: the sweeps of its stores, whoever runs them, and those that are
/// submitted, which this process runs, one after the other.
/// </summary>
internal sealed class LocalSweeps : ISweepEngine
{
    private readonly Workplace place;
    private readonly ServedStores stores;
    private readonly RunQueue queue;
    private readonly SubmitLimits limits;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<SweepId, OwnRun> own = [];
    private readonly OtherRuns others;
    private readonly ServedResults results;
    private long epochs;

    public LocalSweeps(Workplace place, ServedStores stores, RunQueue queue, SubmitLimits limits, TimeProvider time)
    {
        (this.place, this.stores, this.queue, this.limits, this.time) = (place, stores, queue, limits, time);
        results = new ServedResults(stores, () => [.. own.Values.Select(r => r.Record)]);
        others = new OtherRuns(place.Catalog.Variants, time);
        epochs = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public IResultIndex Results => results;

    /// <summary>A run that this process makes for somebody else than the queue.</summary>
    public OwnRun Adopt(LoadedSweep sweep, SweepRecord record)
    {
        var run = Make(sweep, record, Caller, priority: 0);
        own[record.Id] = run;
        return run;
    }

    public async Task<SubmitAnswer> SubmitAsync(
        SweepSubmission submission,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        var (sweep, plan, rejected) = Read(submission);
        if (sweep is null)
        {
            return rejected!;
        }

        if ((plan!.Count ?? plan.Size) is var cells && cells > limits.Cells)
        {
            return new SubmitAnswer.OverLimit(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the sweep has {cells} cells, and this server takes {limits.Cells} at most (Limits:Cells); narrow its axes, or draw points with random"
                )
            );
        }

        var known = await StatusAsync(sweep.Id, cancellation);
        if (known is { Stage: SweepStage.Finished } || (known is not null && IsGoingOn(known)))
        {
            return new SubmitAnswer.Accepted(known, IsNew: false);
        }

        if (own.Values.Count(r => !r.HasEnded) >= limits.SweepsPerUser)
        {
            return new SubmitAnswer.OverLimit(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{limits.SweepsPerUser} sweeps have not ended, which are as many as this server takes (Limits:SweepsPerUser); wait for one to end, or cancel one"
                )
            );
        }

        await BeginAsync(sweep, caller.User, submission.Priority, rerunsFailed: false, cancellation);
        return new SubmitAnswer.Accepted((await StatusAsync(sweep.Id, cancellation))!, known is null);
    }

    public Task<CheckAnswer> CheckAsync(SweepSubmission submission, CancellationToken cancellation = default)
    {
        var (sweep, plan, rejected) = Read(submission);
        return Task.FromResult<CheckAnswer>(
            sweep is null
                ? new CheckAnswer.Wrong(rejected!)
                : new CheckAnswer.Good(sweep.Id, sweep.Spec.Name, plan!.Count ?? plan.Size)
        );
    }

    public Task<VariantCatalog> CatalogAsync(CancellationToken cancellation = default) =>
        Task.FromResult(place.Catalog.Variants);

    public async Task<SweepPage> ListAsync(SweepQuery query, CancellationToken cancellation = default)
    {
        var all = (await results.SweepsAsync(cancellation))
            .OrderByDescending(s => s.CreatedAt)
            .ThenBy(s => s.Id.Value, StringComparer.Ordinal)
            .ToList();
        var from = query.After is { } after ? all.FindIndex(s => s.Id == after) + 1 : 0;
        List<SweepStatus> page = [];
        foreach (var sweep in all.Skip(from))
        {
            if (
                await StatusAsync(sweep.Id, cancellation) is not { } status
                || (query.User is not null && query.User != status.User)
            )
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new SweepPage(page, page[^1].Id);
            }

            page.Add(status);
        }

        return new SweepPage(page, Next: null);
    }

    public async Task<SweepStatus?> StatusAsync(SweepId sweep, CancellationToken cancellation = default)
    {
        var outcomes = await results.CountsAsync(sweep, cancellation);
        if (own.TryGetValue(sweep, out var run))
        {
            return run.Status(outcomes);
        }

        return await stores.FindAsync(sweep, cancellation) is { } found ? others.Status(found, outcomes) : null;
    }

    public async Task<CommandAnswer> CommandAsync(
        SweepId sweep,
        SweepCommand command,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        if (await StatusAsync(sweep, cancellation) is not { } status)
        {
            return new CommandAnswer.Unknown();
        }

        if (!caller.MayChange(status.User))
        {
            return new CommandAnswer.NotYours(status.User);
        }

        var run = own.GetValueOrDefault(sweep);
        var refused =
            command == SweepCommand.Rerun
                ? await RerunAsync(sweep, run, status, caller, cancellation)
                : Change(run, command, status);
        return refused is not null
            ? new CommandAnswer.Refused(refused)
            : new CommandAnswer.Done((await StatusAsync(sweep, cancellation))!);
    }

    public async IAsyncEnumerable<SweepEvent> EventsAsync(
        SweepId sweep,
        EventId? after,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var seen = after;
        while (own.TryGetValue(sweep, out var run))
        {
            var (events, ended, more) = run.After(seen, time.GetUtcNow());
            foreach (var e in events)
            {
                yield return e;
                seen = e.Id;
            }

            if (ended)
            {
                yield break;
            }

            await more.WaitAsync(cancellation);
        }

        var found =
            await stores.FindAsync(sweep, cancellation)
            ?? throw new KeyNotFoundException($"There is no sweep '{sweep}'.");
        await foreach (var e in others.EventsAsync(found, seen, cancellation))
        {
            yield return e;
        }
    }

    public Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation = default)
    {
        var busy = own
            .Values.SelectMany(r => r.Devices.Select(d => (Device: d, r.Record.Id)))
            .GroupBy(b => b.Device.Id)
            .ToDictionary(g => g.Key, g => g.First());
        var devices = place.Available.Concat(busy.Values.Select(b => b.Device)).DistinctBy(d => d.Id);
        return Task.FromResult<IReadOnlyList<FleetNode>>([
            new FleetNode(
                Environment.MachineName,
                "this machine",
                time.GetUtcNow(),
                queue.IsHeld,
                [.. devices.Select(d => new FleetDevice(d, busy.TryGetValue(d.Id, out var of) ? of.Id : null))],
                []
            )
            {
                Version = Doctor.Edition.Version(typeof(LocalSweeps).Assembly),
                Backends = [.. place.Catalog.Variants.Backends.Select(b => b.Backend)],
            },
        ]);
    }

    public Task<bool> DrainAsync(string node, bool drain, CancellationToken cancellation = default)
    {
        var here = string.Equals(node, Environment.MachineName, StringComparison.Ordinal);
        queue.IsHeld = here ? drain : queue.IsHeld;
        return Task.FromResult(here);
    }

    private static string Caller => "local";

    private static bool IsGoingOn(SweepStatus status) =>
        status.Stage is SweepStage.Waiting or SweepStage.Running or SweepStage.Paused;

    private (LoadedSweep? Sweep, SweepPlan? Plan, SubmitAnswer.Rejected? Rejected) Read(SweepSubmission submission)
    {
        var catalog = place.Catalog.Variants;
        string[] name = submission.Name is { } given
            ? [$"name={System.Text.Json.JsonSerializer.Serialize(given)}"]
            : [];
        IReadOnlyList<string> settings = [.. submission.Set, .. name];
        var file = SweepFile.Parse(submission.Text, settings, catalog);
        if (!file.IsValid)
        {
            return (
                null,
                null,
                new SubmitAnswer.Rejected(file.Result.Errors, [.. LoadedSweep.Hint(file.Result.Errors, catalog)])
            );
        }

        try
        {
            var sweep = LoadedSweep.FromText("sweep", submission.Text, new SweepRequest(settings), catalog);
            if (sweep.Spec.Match is { NeedsPilot: true })
            {
                return Wrong(
                    "match: time takes a pilot, which a server does not run; write by: flops or by: parameters, or run it with `layerbench run`"
                );
            }

            _ = place.DevicesOf(sweep.Spec);
            return (sweep, SweepPlan.Create(sweep.Spec, catalog), null);
        }
        catch (BadInputException wrong)
        {
            return Wrong([.. wrong.Messages]);
        }
    }

    private static (LoadedSweep?, SweepPlan?, SubmitAnswer.Rejected) Wrong(params string[] messages) =>
        (
            null,
            null,
            new SubmitAnswer.Rejected(
                [.. messages.Select(m => new SpecError(SpecError.WholeFile, m, new Mark(1, 1)))],
                []
            )
        );

    private OwnRun Make(LoadedSweep sweep, SweepRecord record, string user, int priority, bool rerunsFailed = false) =>
        new(
            sweep,
            record,
            SweepPlan.Create(sweep.Spec, place.Catalog.Variants),
            user,
            priority,
            Interlocked.Increment(ref epochs)
        )
        {
            RerunsFailed = rerunsFailed,
        };

    private async Task BeginAsync(
        LoadedSweep sweep,
        string user,
        int priority,
        bool rerunsFailed,
        CancellationToken cancellation,
        SweepId? served = null
    )
    {
        var there = (await stores.AllAsync(cancellation)).FirstOrDefault(s => s.Record.Id == (served ?? sweep.Id));
        var record =
            there?.Record ?? sweep.ToRecord(time.GetUtcNow(), Doctor.Edition.Version(typeof(LocalSweeps).Assembly));
        var run = Make(sweep, record, user, priority, rerunsFailed);
        own[record.Id] = run;
        queue.Add(run, there?.Folder);
    }

    private async Task<string?> RerunAsync(
        SweepId sweep,
        OwnRun? run,
        SweepStatus status,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (IsGoingOn(status))
        {
            return $"'{sweep}' has not ended; rerun what failed when it has, or cancel it first";
        }

        if (status.Failures == 0)
        {
            return $"no cell of '{sweep}' has failed";
        }

        LoadedSweep? loaded = run?.Sweep;
        if (loaded is null)
        {
            var found = (await stores.FindAsync(sweep, cancellation))!;
            try
            {
                loaded = LoadedSweep.FromRecord(
                    found.Record with
                    {
                        Id = found.Stored,
                    },
                    new SweepRequest([]),
                    place.Catalog.Variants
                );
            }
            catch (BadInputException wrong)
            {
                return $"'{sweep}' cannot be planned here: {string.Join("; ", wrong.Messages)}";
            }
        }

        await BeginAsync(loaded, caller.User, status.Priority, rerunsFailed: true, cancellation, sweep);
        return null;
    }

    /// <summary>Why not; null: done.</summary>
    private string? Change(OwnRun? run, SweepCommand command, SweepStatus status)
    {
        if (run is null)
        {
            return status.Stage == SweepStage.Running
                ? $"another process runs '{status.Id}'; stop it there (Ctrl-C)"
                : $"'{status.Id}' is not running; submit its text again to go on with it";
        }

        if (run.HasEnded)
        {
            return command == SweepCommand.Cancel && run.Cancelled.IsCancellationRequested
                ? null
                : $"'{status.Id}' has ended; submit its text again to go on with it";
        }

        switch (command)
        {
            case SweepCommand.Pause:
                run.Control.Pause();
                return null;
            case SweepCommand.Resume:
                run.Control.Resume();
                queue.Wake();
                return null;
            case SweepCommand.Cancel:
                run.Cancel();
                if (queue.Remove(run))
                {
                    run.Withdraw(time.GetUtcNow(), status.Outcomes);
                }

                return null;
            default:
                throw new UnreachableException();
        }
    }
}
