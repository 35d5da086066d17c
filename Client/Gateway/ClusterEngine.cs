using System.Runtime.CompilerServices;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Core.Catalog;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Metrics;

namespace Layerbench.Gateway;

/// <summary>The cluster as an engine: every call goes to its grains, and what was measured is read from the store.</summary>
internal sealed class ClusterEngine(
    IGrainFactory grains,
    IResultIndex results,
    ClusterCalls calls,
    GatewaySettings settings,
    TimeProvider time
) : ISweepEngine
{
    private const int EventsPerPage = 1000;

    private const string NotStarted = "it is in the store, and this cluster has not started it; submit its file again";

    /// <summary>Sweeps asked at once for their status.</summary>
    private const int AskedTogether = 10;

    /// <summary>How often a sweep that is watched is asked for what is new.</summary>
    private static readonly TimeSpan poll = TimeSpan.FromMilliseconds(250);

    private readonly EstimatedEvents estimated = new(results);
    private readonly FleetWorkers workers = new(grains, calls, settings.Patience, time);
    private readonly SubmitLimits limits = settings.Limits;

    public IResultIndex Results => results;

    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(IFleetGrain.Key);

    public async Task<SubmitAnswer> SubmitAsync(
        SweepSubmission submission,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        using var span = Spans.Submit(caller.User);
        var catalog = await workers.CatalogAsync(cancellation);
        var (plan, rejected) = SubmissionPlan.Make(submission, catalog, settings.Version, time.GetUtcNow());
        if (plan is null)
        {
            return rejected!;
        }

        if (limits.OfCells(plan.Cells) is { } tooLarge)
        {
            return tooLarge;
        }

        var id = plan.Record.Id;
        var known = await KnownAsync(id, cancellation);
        if (known is { Stage: SweepStage.Unreadable })
        {
            return SubmissionPlan.Whole([known.Reason!]);
        }

        if (known is not null && !caller.MayChange(known.User))
        {
            return known is { Stage: SweepStage.Cancelled or SweepStage.Stopped }
                ? SubmitAnswer.NotYours.Of(known)
                : new SubmitAnswer.Accepted(known, IsNew: false);
        }

        var begins = known is null or { Stage: SweepStage.Cancelled or SweepStage.Stopped };
        if (begins && await OverLimitAsync(known?.User ?? caller.User, cancellation) is { } over)
        {
            return over;
        }

        // A sweep stays its first owner's: an admin acts in that one's name.
        var terms = new SweepTerms(submission.Priority ?? plan.Cluster.Priority ?? 0, known?.User ?? caller.User)
        {
            MaximumDevices = submission.MaximumDevices ?? plan.Cluster.MaximumDevices,
            Devices = submission.Devices ?? plan.Cluster.Needs,
            Failures = submission.Failures ?? plan.Cluster.Failures,
        };
        bool isNew;
        try
        {
            isNew = await calls.AskAsync(() => Sweep(id).Start(plan.Record, terms), cancellation);
        }
        catch (ArgumentException wrong) when (IsOfItsText(wrong))
        {
            // What is stored of it does not go with this text, or with the workers that are there now.
            return SubmissionPlan.Whole([wrong.Message]);
        }

        var status = await StatusAsync(id, cancellation);
        return new SubmitAnswer.Accepted(
            status ?? throw new InvalidOperationException($"Sweep '{id}' was started and is not known."),
            isNew && known is null
        );
    }

    public async Task<CheckAnswer> CheckAsync(SweepSubmission submission, CancellationToken cancellation = default)
    {
        var catalog = await workers.CatalogAsync(cancellation);
        var (plan, rejected) = SubmissionPlan.Make(submission, catalog, settings.Version, time.GetUtcNow());
        return plan is null
            ? new CheckAnswer.Wrong(rejected!)
            : new CheckAnswer.Good(plan.Record.Id, plan.Record.Name, plan.Cells);
    }

    public async Task<VariantCatalog> CatalogAsync(CancellationToken cancellation = default) =>
        (await calls.AskAsync(() => Fleet.Catalog(), cancellation)).Variants;

    public async Task<SweepPage> ListAsync(SweepQuery query, CancellationToken cancellation = default) =>
        await SweepPages.ReadAsync(
            await results.SweepsAsync(cancellation),
            query,
            id => StatusAsync(id, cancellation),
            AskedTogether
        );

    /// <inheritdoc/>
    /// <remarks>Also of one that is in the store alone.</remarks>
    public async Task<SweepStatus?> StatusAsync(SweepId sweep, CancellationToken cancellation = default) =>
        await KnownAsync(sweep, cancellation)
        ?? (
            await results.SweepAsync(sweep, cancellation) is { } record
                ? await UnreadableAsync(record, NotStarted, cancellation)
                : null
        );

    /// <inheritdoc/>
    /// <remarks>Failed cells are run again also while others run.</remarks>
    public string? Refusal(SweepStatus status, SweepCommand command) =>
        (command, status.Stage) is (SweepCommand.Rerun, SweepStage.Cancelled)
            ? $"'{status.Id}' is cancelled; submit its file again (`layerbench submit FILE`), and it goes on where it was"
            : null;

    public async Task<string?> ChangeAsync(
        SweepStatus status,
        SweepCommand command,
        CancellationToken cancellation = default
    )
    {
        var grain = Sweep(status.Id);
        if (
            command == SweepCommand.Rerun
            && status.HasEnded
            && await OverLimitAsync(status.User, cancellation) is { } over
        )
        {
            return over.Reason;
        }

        try
        {
            await calls.AskAsync(
                () =>
                    command switch
                    {
                        SweepCommand.Pause => grain.Pause(),
                        SweepCommand.Resume => grain.Resume(),
                        SweepCommand.Cancel => grain.Cancel(),
                        SweepCommand.Rerun => grain.RerunFailed(),
                        _ => throw new System.Diagnostics.UnreachableException(),
                    },
                cancellation
            );
            return null;
        }
        catch (InvalidOperationException refused) when (refused is not ObjectDisposedException)
        {
            return refused.Message;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Patient: while the cluster does not answer, the stream waits.</remarks>
    public async IAsyncEnumerable<SweepEvent> EventsAsync(
        SweepId sweep,
        EventId? after,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var seen = after ?? default;
        while (true)
        {
            EventPage page;
            try
            {
                page =
                    await calls.AskAsync(() => Sweep(sweep).Events(seen, EventsPerPage), cancellation)
                    ?? throw new KeyNotFoundException($"There is no sweep '{sweep}'.");
            }
            catch (EngineUnavailableException)
            {
                continue;
            }

            foreach (var e in await estimated.OfAsync(sweep, page.Events, cancellation))
            {
                yield return e;
                seen = e.Id;
            }

            if (page.Ended)
            {
                yield break;
            }

            if (page.Events.Count < EventsPerPage)
            {
                await Task.Delay(poll, time, cancellation);
            }
        }
    }

    public async Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation = default)
    {
        var version = (await calls.AskAsync(() => Fleet.Catalog(), cancellation)).Version;
        var there = await calls.AskAsync(() => Fleet.Nodes(), cancellation);
        var lost = await calls.AskAsync(() => Fleet.Lost(), cancellation);
        return
        [
            .. there
                .Select(n => FleetNodes.Of(n, version))
                .Concat(lost.Select(FleetNodes.Of))
                .OrderBy(n => n.Name, StringComparer.Ordinal),
        ];
    }

    public Task<IReadOnlyList<UserShare>> UsersAsync(CancellationToken cancellation = default) =>
        calls.AskAsync(() => Fleet.Users(), cancellation);

    public async Task<bool> DrainAsync(string node, bool drain, CancellationToken cancellation = default)
    {
        // One that is away may be told to work again: it may come back.
        if (drain && (await NodesAsync(cancellation)).All(n => n.Name != node))
        {
            return false;
        }

        await calls.AskAsync(() => Fleet.Drain(node, drain), cancellation);
        return true;
    }

    private ISweepGrain Sweep(SweepId id) => grains.GetGrain<ISweepGrain>(id.Value);

    private async Task<SubmitAnswer.OverLimit?> OverLimitAsync(string user, CancellationToken cancellation)
    {
        var active = await calls.AskAsync(() => Fleet.Sweeps(), cancellation);
        var own = active.Count(s => string.Equals(s.Terms.User, user, StringComparison.Ordinal));
        return limits.OfSweeps(user, own);
    }

    /// <summary>As its grain knows it, or why that cannot load it; null: it was never started.</summary>
    private async Task<SweepStatus?> KnownAsync(SweepId sweep, CancellationToken cancellation)
    {
        try
        {
            return await calls.AskAsync(() => Sweep(sweep).Status(), cancellation);
        }
        catch (ArgumentException wrong) when (IsOfItsText(wrong))
        {
            return await results.SweepAsync(sweep, cancellation) is { } record
                ? await UnreadableAsync(record, $"this version cannot plan it: {wrong.Message}", cancellation)
                : null;
        }
    }

    /// <summary>Not one of the kinds that are bugs.</summary>
    private static bool IsOfItsText(ArgumentException wrong) => wrong.GetType() == typeof(ArgumentException);

    private async Task<SweepStatus> UnreadableAsync(SweepRecord sweep, string why, CancellationToken cancellation)
    {
        var outcomes = await results.CountsAsync(sweep.Id, cancellation);
        var finished = outcomes.Values.Sum();
        return new SweepStatus(
            sweep.Id,
            sweep.Name,
            User: "",
            Priority: 0,
            SweepStage.Unreadable,
            sweep.CreatedAt,
            StartedAt: null,
            Cells: finished,
            finished,
            InFlight: 0,
            outcomes,
            Eta: null,
            why
        );
    }
}
