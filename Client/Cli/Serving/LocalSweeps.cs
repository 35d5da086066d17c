using System.Runtime.CompilerServices;
using Layerbench.Cli.Doctor;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Serving;

/// <summary>
/// This machine as an engine that serves several users: the sweeps of its stores, whoever runs them, and those that are
/// submitted, which this process runs, one after the other.
/// </summary>
internal sealed class LocalSweeps : ISweepEngine
{
    /// <summary>Whose the sweeps of stores are: a store does not say.</summary>
    public const string User = "local";

    private readonly Workplace place;
    private readonly ServedStores stores;
    private readonly RunQueue queue;
    private readonly SubmitLimits limits;
    private readonly TimeProvider time;
    private readonly OtherRuns others;
    private readonly ServedResults results;

    public LocalSweeps(Workplace place, ServedStores stores, RunQueue queue, SubmitLimits limits, TimeProvider time)
    {
        (this.place, this.stores, this.queue, this.limits, this.time) = (place, stores, queue, limits, time);
        Own = new OwnRuns(place, stores, queue, time);
        results = new ServedResults(stores, () => [.. Own.All.Select(r => r.Record)]);
        others = new OtherRuns(place.Catalog.Variants, time);
    }

    public IResultIndex Results => results;

    public OwnRuns Own { get; }

    public static bool IsGoingOn(SweepStatus status) =>
        status.Stage is SweepStage.Waiting or SweepStage.Running or SweepStage.Paused;

    public async Task<SubmitAnswer> SubmitAsync(
        SweepSubmission submission,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        var (submitted, rejected) = SubmittedSweep.Read(submission, place);
        if (submitted is null)
        {
            return rejected!;
        }

        if (limits.OfCells(submitted.Cells) is { } over)
        {
            return over;
        }

        var known = await StatusAsync(submitted.Sweep.Id, cancellation);
        if (known is not null && (known.Stage == SweepStage.Finished || IsGoingOn(known)))
        {
            return new SubmitAnswer.Accepted(known, IsNew: false);
        }

        if (known is not null && !caller.MayChange(known.User))
        {
            return SubmitAnswer.NotYours.Of(known);
        }

        var own = Own.All.Count(r => !r.HasEnded && r.User == caller.User);
        if (limits.OfSweeps(caller.User, own) is { } tooMany)
        {
            return tooMany;
        }

        var priority = submission.Priority ?? submitted.Sweep.Spec.Cluster.Priority ?? 0;
        await Own.BeginAsync(submitted.Sweep, known?.User ?? caller.User, priority, cancellation);
        return new SubmitAnswer.Accepted((await StatusAsync(submitted.Sweep.Id, cancellation))!, known is null);
    }

    public Task<CheckAnswer> CheckAsync(SweepSubmission submission, CancellationToken cancellation = default)
    {
        var (submitted, rejected) = SubmittedSweep.Read(submission, place);
        return Task.FromResult<CheckAnswer>(
            submitted is null
                ? new CheckAnswer.Wrong(rejected!)
                : new CheckAnswer.Good(submitted.Sweep.Id, submitted.Sweep.Spec.Name, submitted.Cells)
        );
    }

    public Task<VariantCatalog> CatalogAsync(CancellationToken cancellation = default) =>
        Task.FromResult(place.Catalog.Variants);

    public async Task<SweepPage> ListAsync(SweepQuery query, CancellationToken cancellation = default) =>
        await SweepPages.ReadAsync(await results.SweepsAsync(cancellation), query, id => StatusAsync(id, cancellation));

    public async Task<SweepStatus?> StatusAsync(SweepId sweep, CancellationToken cancellation = default)
    {
        var outcomes = await results.CountsAsync(sweep, cancellation);
        return Own.Find(sweep) is { } run ? run.Status(outcomes)
            : await stores.FindAsync(sweep, cancellation) is { } found ? others.Status(found, outcomes)
            : null;
    }

    public string? Refusal(SweepStatus status, SweepCommand command) => Own.Refusal(status, command);

    public Task<string?> ChangeAsync(
        SweepStatus status,
        SweepCommand command,
        CancellationToken cancellation = default
    ) => command == SweepCommand.Rerun ? Own.RerunAsync(status, cancellation) : Own.ChangeAsync(status, command);

    public async IAsyncEnumerable<SweepEvent> EventsAsync(
        SweepId sweep,
        EventId? after,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var seen = after;
        while (Own.Find(sweep) is { } run)
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

    public async Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation = default)
    {
        var (devices, notes) = LocalDevices.Of(
            place.Available,
            [.. Own.All.SelectMany(r => r.Devices.Select(d => (d, r.Record.Id)))],
            OtherRuns.GoingOn(await stores.AllAsync(cancellation), id => Own.Find(id) is { HasEnded: false })
        );
        return
        [
            new FleetNode(Environment.MachineName, "this machine", time.GetUtcNow(), queue.IsHeld, devices, notes)
            {
                Version = Edition.Version(typeof(LocalSweeps).Assembly),
                Backends = [.. place.Catalog.Variants.Backends.Select(b => b.Backend)],
            },
        ];
    }

    public Task<IReadOnlyList<UserShare>> UsersAsync(CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyList<UserShare>>([]);

    public Task<bool> DrainAsync(string node, bool drain, CancellationToken cancellation = default)
    {
        var here = string.Equals(node, Environment.MachineName, StringComparison.Ordinal);
        queue.IsHeld = here ? drain : queue.IsHeld;
        return Task.FromResult(here);
    }
}
