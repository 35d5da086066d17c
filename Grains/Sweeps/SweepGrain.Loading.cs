using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Metrics;

namespace Layerbench.Grains.Sweeps;

/// <summary>From what is stored to a state that decides.</summary>
internal sealed partial class SweepGrain
{
    /// <summary>A cell's workers are to have died on so many devices before it is to blame, where there are so many.</summary>
    private const int PoisonDevices = 2;

    /// <summary>Assumed until the fleet has said: slices are short then, and one that is too short costs little.</summary>
    private const int UnknownDevices = 64;

    /// <summary>As the local engine's: what a killed node loses.</summary>
    private static readonly TimeSpan maximumLaunch = TimeSpan.FromSeconds(60);

    /// <summary>Of the order of what a process takes to load its framework; slices need no more of it.</summary>
    private static readonly TimeSpan workerStart = TimeSpan.FromSeconds(2);

    private SweepRecord? record;
    private SweepState? state;
    private SweepNeeds needs = SweepNeeds.Nothing;
    private double keepAtRungs = new PruneSpec().Keep;
    private RungBook? rungs;
    private long? epoch;

    private ActiveSweep Active => new(Id, standing.State.Terms, time.GetUtcNow()) { Needs = needs };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        if (await StoredAsync(cancellationToken) is not null && standing.State.PlannedWith is not null)
        {
            await LoadAsync(cancellationToken, takesOver: true);
            if (!IsOver)
            {
                EngineMetrics.Recovered(EngineMetrics.OfCoordinator, time.GetElapsedTime(since));
            }
        }

        this.RegisterGrainTimer(
            static (grain, _) => grain.SeeFleetAsync(),
            this,
            // Interleaved: a fleet that does not answer holds up no lease.
            new GrainTimerCreationOptions(times.Value.Heartbeat, times.Value.Heartbeat) { Interleave = true }
        );
        this.RegisterGrainTimer(static (grain, _) => grain.TakeBackLostAsync(), this, lookForLost, lookForLost);
    }

    private async Task<SweepRecord?> StoredAsync(CancellationToken cancellation) =>
        record = await store.SweepAsync(Id, cancellation);

    /// <summary>
    /// What the sweep is planned with, and the plan: what it had before as long as a node has that or none is there, else
    /// what the fleet has.
    /// </summary>
    private async Task<(SweepPin Pin, PlannedSweep Plan)> PinAsync(SweepRecord sweep)
    {
        var catalog = await Fleet.Catalog();
        if (standing.State.PlannedWith is { } pinned)
        {
            var plan = planner.Plan(sweep, pinned.Catalog);
            var known = new ActiveSweep(Id, SweepTerms.Ordinary, time.GetUtcNow()) { Needs = pinned.NeedsOf(plan) };
            if (catalog.Backends.Count == 0 || (await Fleet.Share(known)).Devices > 0)
            {
                return (pinned, plan);
            }
        }

        var planned = Planned(sweep, catalog);
        return (
            new SweepPin(
                catalog.Version,
                [.. catalog.Backends.Where(b => planned.Backends.Contains(b.Backend, StringComparer.Ordinal))]
            ),
            planned
        );
    }

    private PlannedSweep Planned(SweepRecord sweep, FleetCatalog catalog)
    {
        try
        {
            return planner.Plan(sweep, catalog.Variants);
        }
        catch (ArgumentException wrong) when (catalog.Backends.Count == 0)
        {
            throw new ArgumentException(
                $"{wrong.Message}\nnote: no node has told of its workers yet; start silos, or try again in a few seconds",
                wrong
            );
        }
    }

    /// <summary>The sweep begins, for the first time or again after it ended or stopped.</summary>
    /// <exception cref="ArgumentException">Its cells would be others than those that have ended.</exception>
    private async Task BeginAsync(SweepPin pin, PlannedSweep plan)
    {
        if (standing.State.Pin is { } before && before != pin.ToJson())
        {
            await CheckCellsAsync(plan.Source);
        }

        if (plan.Measure is { } measure)
        {
            await store.ReopenUnconvergedAsync(Id, measure.MostLaunches);
        }

        standing.State.Cancelled = false;
        standing.State.StopReason = null;
        standing.State.StartedAt = time.GetUtcNow();
        standing.State.FailedAtStart = await FailedAsync();
        standing.State.Pin = pin.ToJson();
    }

    private async Task CheckCellsAsync(ICellSource source)
    {
        await foreach (var cell in store.CellsAsync(Id))
        {
            if (cell.Index >= source.Size || source.At(cell.Index)?.Id != cell.Id)
            {
                throw new ArgumentException(
                    $"Sweep '{Id}' was begun with other builds of its workers, and with those that are there now its cells "
                        + $"are others (first cell {cell.Id}); bring the builds back, or submit the sweep under another name."
                );
            }
        }
    }

    private async Task<long> FailedAsync() =>
        (await store.CountsAsync(Id)).Where(o => Outcome.Read(o.Key, reason: null).IsFailure).Sum(o => o.Value);

    /// <summary>What was stored has changed. If it cannot be loaded, the activation ends and the next loads the truth.</summary>
    private async Task LoadAgainAsync()
    {
        var loaded = false;
        try
        {
            await LoadAsync(CancellationToken.None);
            loaded = true;
        }
        finally
        {
            if (!loaded)
            {
                DeactivateOnIdle();
            }
        }
    }

    /// <param name="takesOver">Slices that an activation gave out that is gone are to go on.</param>
    private async Task LoadAsync(CancellationToken cancellation, bool takesOver = false)
    {
        var sweep = await StoredAsync(cancellation) ?? throw Unknown();
        var pin = standing.State.PlannedWith ?? throw Unknown();
        var plan = planner.Plan(sweep, pin.Catalog);
        needs = pin.NeedsOf(plan);
        // From here on nothing is kept of what another activation of this sweep still writes.
        epoch = await store.TakeEpochAsync(Id, cancellation);
        var claims = takesOver ? await ClaimsAsync() : [];
        var share = await ShareAsync();
        var finished = await store.FinishedIndicesAsync(Id, cancellation).ToListAsync(cancellation);
        var loaded = new SweepState(plan.Source, await OptionsAsync(sweep, plan, share), finished)
        {
            MaximumDevices = standing.State.Terms.MaximumDevices,
            Failures = standing.State.Terms.Failures,
        };
        var adopted = loaded.Adopt(claims, time.GetUtcNow());
        See(loaded, share);
        if (standing.State.Paused)
        {
            loaded.Pause();
        }

        if (standing.State.IsStopped)
        {
            loaded.Cancel(standing.State.StopReason);
        }

        keepAtRungs = (plan.Measure?.Prune ?? new PruneSpec()).Keep;
        (state, rungs, watch) = (loaded, null, new SweepWatch(epoch.Value));
        TellAdopted(adopted, epoch.Value);
        await OpenMeterAsync();
        LogLoaded(Id, finished.Count, share.Devices, epoch.Value);
    }

    /// <summary>A fleet that is just being lost is not waited for: it is asked again with the next heartbeat.</summary>
    private async Task<FleetShare> ShareAsync()
    {
        try
        {
            return await Fleet.Share(Active).WaitAsync(times.Value.Call, time);
        }
        catch (Exception error) when (Unanswered.Is(error))
        {
            return new FleetShare(0, "", 0, 0);
        }
    }

    private async Task<SchedulingOptions> OptionsAsync(SweepRecord sweep, PlannedSweep plan, FleetShare share) =>
        new()
        {
            Seed = sweep.Seed,
            LeaseDuration = times.Value.Lease,
            MaximumSliceCells = plan.SliceCells,
            MaximumLaunch = maximumLaunch,
            WorkerStart = plan.Backends.Any(b => b != VariantCatalog.Simulated) ? workerStart : TimeSpan.Zero,
            Devices = share.Devices == 0 ? UnknownDevices : share.Devices,
            // Without a device yet nothing is known to be too large.
            LargestDeviceMemoryBytes = share.Devices == 0 ? long.MaxValue : share.LargestMemoryBytes,
            FleetChanges = true,
            Costs = plan.Measure is { } measure ? new LearntCosts(measure, KindOf(share)) : null,
            PoisonDevices = PoisonDevices,
            Crashed = await CrashedAsync(),
            FailedBefore = Math.Max(0, await FailedAsync() - standing.State.FailedAtStart),
            Epoch = epoch,
        };

    /// <summary>Whose times the order expects; before any device is there, a CPU's.</summary>
    private static string KindOf(FleetShare share) => share.Kind.Length > 0 ? share.Kind : "cpu";

    private async Task<IReadOnlyDictionary<CellId, CrashHistory>> CrashedAsync()
    {
        var deaths = (await store.IncidentsAsync(Id)).Where(i => i.IsDeath && i.Cell is not null).ToList();
        return deaths.Count == 0
            ? new Dictionary<CellId, CrashHistory>()
            : CrashHistory.Of(deaths, await store.ProgressAsync(Id, [.. deaths.Select(i => i.Cell!.Value).Distinct()]));
    }

    private async Task<RungBook> RungsAsync()
    {
        var book = new RungBook(keepAtRungs);
        foreach (var decision in await store.RungsAsync(Id))
        {
            book.Keep(decision);
        }

        return book;
    }

    /// <summary>Devices come and go: slices, and what fits, follow.</summary>
    private async Task SeeFleetAsync()
    {
        if (Unfinished is null)
        {
            return;
        }

        await EndIfOvertakenAsync();
        var share = await Fleet.Share(Active);
        if (Unfinished is { } running)
        {
            See(running, share);
            if (!share.IsOffered)
            {
                // An activation before this one had heard of its end, and cells came back after all: their holder died before
                // it could tell this one.
                await Fleet.Activate(Active);
            }
        }

        ShowStand();
    }

    private SweepState? Unfinished =>
        state is { Progress.Cancelled: false } && state.Progress.Passed < state.Progress.Size ? state : null;

    private static void See(SweepState seeing, FleetShare share)
    {
        if (share.Devices > 0)
        {
            seeing.SeeFleet(
                new FleetSize(share.Devices, share.LargestMemoryBytes, share.SecondMemoryBytes)
                {
                    Missing = share.Missing,
                }
            );
        }
    }
}
