using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.Metrics;

namespace Layerbench.Engine.Launches;

/// <summary>A slice's cells: what each still needs, how each ended, and the store's knowledge of it.</summary>
internal sealed class SliceLedger(SliceContext context, Slice slice, DeviceInfo device, CancellationToken kill)
{
    private readonly SliceRunnerOptions options = context.Options;
    private readonly SliceRunnerParts parts = context.Parts;
    private readonly TimeProvider time = context.Parts.Time;
    private readonly List<CellInSlice> cells = [];

    /// <summary>What became of every cell; those that have not ended are handed back.</summary>
    public IReadOnlyList<CellTold> Told() =>
        [.. slice.Cells.Select((c, i) => (i < cells.Count ? cells[i].Told : null) ?? new CellTold.HandedBack(c.Index))];

    /// <summary>Reads how far the cells have come in earlier runs.</summary>
    public async Task LoadAsync()
    {
        var known = await parts
            .Store.ProgressAsync(options.Sweep, [.. slice.Cells.Select(c => c.Id)], kill)
            .ConfigureAwait(false);
        foreach (var cell in slice.Cells)
        {
            var entry = new CellInSlice(cell, known.GetValueOrDefault(cell.Id));
            cells.Add(entry);
            if (options.Measure.CellBudget is not null && entry.HasEarlierLaunches)
            {
                entry.Spent = (
                    await parts.Store.LaunchesAsync(options.Sweep, cell.Id, kill).ConfigureAwait(false)
                ).Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Phases.Total);
            }
        }
    }

    /// <summary>Time launches first; then memory launches and trainings, in processes of their own.</summary>
    public LaunchKind? NextKind() =>
        Open(LaunchKind.Time).Any() ? LaunchKind.Time
        : Open(LaunchKind.Memory).Any() ? LaunchKind.Memory
        : Open(LaunchKind.Quality).Any() ? LaunchKind.Quality
        : null;

    public IEnumerable<CellInSlice> Open(LaunchKind kind) =>
        cells.Where(c => c.Told is null && c.Done(kind) < Needed(c, kind));

    /// <summary>Launches of this kind after which the open cells are looked at next.</summary>
    public int Needed(LaunchKind kind) => Open(kind).Select(c => Needed(c, kind)).DefaultIfEmpty().Max();

    // A cell whose launches were all set aside is asked of again at the next settling; until then it needs its first.
    private int Needed(CellInSlice cell, LaunchKind kind) =>
        // Training is a function of its seed: once says what twice would.
        cell.Cell.IsQuality
            ? (kind == LaunchKind.Quality ? 1 : 0)
        : kind == LaunchKind.Quality ? 0
        : kind == LaunchKind.Memory ? options.Measure.MemoryLaunches
        : cell.TimeEnding is not null ? 0
        : cell.NextLook ?? options.Measure.LeastLaunches;

    /// <summary>The cell is set aside; who leases cells decides whether it is tried again.</summary>
    public async Task CrashAsync(CellInSlice cell, WorkerLostException e)
    {
        EngineMetrics.WorkerLost(e.Cause);
        await RecordIncidentAsync(cell.Cell.Id, e.Cause, e.Message, e.StderrTail).ConfigureAwait(false);
        cell.Told = new CellTold.Crashed(cell.Cell.Index, e.Cause, e.Message);
    }

    /// <summary>The worker reported the cell's end and went on.</summary>
    public async Task EndInTroubleAsync(CellInSlice cell, Reply.Trouble trouble)
    {
        var reason = trouble.Variant is null ? trouble.Message : $"{trouble.Variant}: {trouble.Message}";
        Outcome outcome = trouble.Kind switch
        {
            "unsupported" => new Outcome.Skipped(reason),
            "incorrect" => new Outcome.Incorrect(reason),
            "oom" => new Outcome.Failed($"out of memory: {reason}"),
            _ => new Outcome.Failed(reason),
        };
        if (outcome is Outcome.Failed)
        {
            var cause = trouble.Kind == "oom" ? LossCause.OutOfMemory : LossCause.Error;
            await RecordIncidentAsync(cell.Cell.Id, cause, reason, "").ConfigureAwait(false);
        }

        await FinishAsync([(cell, outcome)]).ConfigureAwait(false);
    }

    private async Task RecordIncidentAsync(CellId cell, string cause, string message, string stderrTail)
    {
        var incident = new Incident(cell, time.GetUtcNow(), device.Id, cause, message, stderrTail);
        context.Logger.CellIncident(cell, device.Id, cause, message);
        await parts.Store.RecordIncidentAsync(options.Sweep, incident, kill).ConfigureAwait(false);
        context.OnEvent(new EngineEvent.IncidentSeen(incident.At, incident));
    }

    /// <summary>Ends the cells that have all their launches, cannot go on, or have spent their budget.</summary>
    public async Task SettleAsync() =>
        await FinishAsync(await EndingsAsync(cells).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>
    /// How those of these cells end that have what they need, with launches that are about to be stored. Of a cell that has
    /// launches of earlier runs that is known only once all of them are.
    /// </summary>
    public async Task<SliceEnds> EndsAsync(IEnumerable<CellInSlice> of) =>
        Ends(await EndingsAsync(of.Where(c => !c.HasEarlierLaunches)).ConfigureAwait(false));

    /// <summary>They are stored.</summary>
    public async Task EndedAsync(SliceEnds ends)
    {
        foreach (var ((cell, outcome), result) in ends.Cells.Zip(ends.Results))
        {
            cell.Told = new CellTold.Ended(cell.Cell.Index, outcome, cell.LaunchSeconds);
            var launches = await LaunchesAsync(cell).ConfigureAwait(false);
            var estimate = launches.Count > 0 && !cell.Cell.IsQuality ? parts.Estimate(cell.Cell, launches) : null;
            context.OnEvent(
                new EngineEvent.CellFinished(result.FinishedAt, result, estimate)
                {
                    Trainings = [.. launches.SelectMany(l => l.Trainings)],
                }
            );
        }
    }

    private async Task<List<(CellInSlice Cell, Outcome Outcome)>> EndingsAsync(IEnumerable<CellInSlice> of)
    {
        var ended = new List<(CellInSlice, Outcome)>();
        foreach (var cell in of.Where(c => c.Told is null))
        {
            if (await EndingAsync(cell).ConfigureAwait(false) is { } outcome)
            {
                ended.Add((cell, outcome));
            }
        }

        return ended;
    }

    private async Task<Outcome?> EndingAsync(CellInSlice cell)
    {
        if (cell.Cell.IsQuality && cell.Done(LaunchKind.Quality) > 0)
        {
            return new Outcome.Completed();
        }

        await AskRuleAsync(cell).ConfigureAwait(false);
        if (cell.TimeEnding is { } ending && cell.Done(LaunchKind.Memory) >= options.Measure.MemoryLaunches)
        {
            return ending;
        }

        if (cell.Crashes >= options.MaximumCrashes)
        {
            return new Outcome.Poisoned(
                string.Create(CultureInfo.InvariantCulture, $"{cell.Crashes} workers died on it, over all runs")
            );
        }

        if (device.Kind == "simulated" && slice.Backend != SimulatedBackend.Name)
        {
            return new Outcome.Skipped(
                $"{device.Id} runs the backend simulated only, not {slice.Backend}; choose devices: [cpu]"
            );
        }

        return BudgetIsSpent(cell) && cell.TimeEnding is Outcome.Unconverged ? cell.TimeEnding : null;
    }

    /// <summary>Asks the stop rule where a look is due or the cell's budget is spent. It sees widths and costs, never a difference.</summary>
    private async Task AskRuleAsync(CellInSlice cell)
    {
        var launches = cell.Done(LaunchKind.Time);
        if (launches == 0 || cell.TimeEnding is not null || (launches < cell.NextLook && !BudgetIsSpent(cell)))
        {
            return;
        }

        var estimate =
            parts.Estimate(cell.Cell, await LaunchesAsync(cell).ConfigureAwait(false))
            ?? new CellEstimate([], launches, 0, Steady: true);
        switch (options.Measure.Rule.Decide(estimate, cell.Spent, options.Measure.CellBudget))
        {
            case StopDecision.Ended ended:
                cell.TimeEnding = ended.Outcome;
                break;
            case StopDecision.More more:
                cell.NextLook = launches + more.Launches;
                HandBack(cell, launches, estimate);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Where cells are handed back at looks: after the first look, or the one that the slice was leased for.</summary>
    private void HandBack(CellInSlice cell, int launches, CellEstimate estimate)
    {
        var looked = launches >= options.Measure.LeastLaunches && (!slice.LookedAt || cell.Records.Count > 0);
        if (options.HandBackBy is { } rule && looked)
        {
            cell.Told = new CellTold.HandedBack(cell.Cell.Index, Undecided.Distance(estimate, rule));
        }
    }

    private bool BudgetIsSpent(CellInSlice cell) => options.Measure.CellBudget is { } budget && cell.Spent >= budget;

    private async Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(CellInSlice cell) =>
        cell.HasEarlierLaunches
            ? await parts.Store.LaunchesAsync(options.Sweep, cell.Cell.Id, kill).ConfigureAwait(false)
            : cell.Records;

    private async Task FinishAsync(IReadOnlyList<(CellInSlice Cell, Outcome Outcome)> ended)
    {
        if (ended.Count == 0)
        {
            return;
        }

        var ends = Ends(ended);
        await slice
            .WriteAsync(epoch => parts.Store.FinishAsync(options.Sweep, ends.Results, epoch, kill), kill)
            .ConfigureAwait(false);
        await EndedAsync(ends).ConfigureAwait(false);
    }

    private SliceEnds Ends(IReadOnlyList<(CellInSlice Cell, Outcome Outcome)> ended)
    {
        var at = time.GetUtcNow();
        return new SliceEnds(ended, [.. ended.Select(e => CellInSlice.Result(e.Cell.Cell, e.Outcome, device.Id, at))]);
    }
}

/// <summary>Cells of a slice that end, and how that is kept.</summary>
internal sealed record SliceEnds(
    IReadOnlyList<(CellInSlice Cell, Outcome Outcome)> Cells,
    IReadOnlyList<CellResult> Results
);
