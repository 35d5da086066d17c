using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Launches;
using Layerbench.Metrics;
using Layerbench.Metrics.Sweeps;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Local;

/// <summary>
/// Runs a sweep on this machine, all its devices at once, with no server: the scheduler in memory, the truth in the
/// store. Run again after any end, it goes on where the store says.
/// </summary>
public sealed class LocalEngine(LocalEngineParts parts)
{
    private const int RenewalsPerLease = 3;

    private readonly ILogger logger = parts.Logging.CreateLogger<LocalEngine>();

    /// <param name="onEvent">Called for one event at a time, on any thread; it must not block for long.</param>
    /// <param name="stop">Soft: finish the cells in flight, keep them, end.</param>
    /// <param name="kill">Hard: kill the workers now; the launches in flight are lost.</param>
    /// <exception cref="ArgumentException">No devices are given.</exception>
    public async Task<RunSummary> RunAsync(
        LocalRun run,
        Action<EngineEvent> onEvent,
        CancellationToken stop = default,
        CancellationToken kill = default
    )
    {
        if (run.Devices.Count == 0)
        {
            throw new ArgumentException("No devices are given; a run needs at least one.", nameof(run));
        }

        using var span = Spans.Run(run.Sweep.Id);
        var state = await StateAsync(run).ConfigureAwait(false);
        var meter = await MeterAsync(run).ConfigureAwait(false);
        var sweep = new SharedSweep(state, parts.Time, meter);
        run.Control?.Attach(sweep);
        var watch = new RunWatch(onEvent, sweep, run.Measure, run.Devices.Count, parts.Time, meter);
        var before = sweep.Progress.Progress;
        watch.Tell(
            new EngineEvent.SweepStarted(
                parts.Time.GetUtcNow(),
                run.Sweep.Id,
                run.Source.Size,
                before.Finished,
                run.Devices
            )
        );

        using var budget = new CancellationTokenSource(run.Measure.SweepBudget ?? Timeout.InfiniteTimeSpan, parts.Time);
        using var abort = new CancellationTokenSource();
        using var hardAbort = CancellationTokenSource.CreateLinkedTokenSource(kill);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, kill, budget.Token, abort.Token);
        using var drained = new CancellationTokenSource();
        var context = new LoopContext(
            run,
            parts,
            sweep,
            Runner(run, watch),
            watch,
            logger,
            drained,
            ending.Token,
            hardAbort.Token
        );
        var period = run.LeaseDuration / RenewalsPerLease;
        string? reason = null;
        var finished = false;
        var renewal = parts.Time.CreateTimer(_ => Renew(sweep), null, period, period);
        await using (renewal.ConfigureAwait(false))
        {
            try
            {
                var loops = run.Devices.Select(d => LoopAsync(context, d, abort, hardAbort)).ToList();
                finished = (await Task.WhenAll(loops).ConfigureAwait(false)).Any(all => all);
            }
            catch (BackendUnusableException e)
            {
                reason = e.StderrTail.Length > 0 ? $"{e.Message}\n{e.StderrTail.TrimEnd()}" : e.Message;
                logger.BackendUnusable(e.Backend, e.Message);
            }
        }

        var end =
            reason is not null ? RunEnd.BackendUnusable
            : finished ? RunEnd.Finished
            : stop.IsCancellationRequested || kill.IsCancellationRequested ? RunEnd.Interrupted
            : RunEnd.BudgetSpent;
        if (end == RunEnd.BudgetSpent)
        {
            await new SpentBudget(run, parts, watch, CellEstimates.By(run.Measure))
                .CloseAsync(sweep.CameBack)
                .ConfigureAwait(false);
        }

        watch.Ended();
        var outcomes = await parts.Store.CountsAsync(run.Sweep.Id, CancellationToken.None).ConfigureAwait(false);
        meter?.Begin(outcomes, parts.Time.GetUtcNow()); // also those that a spent budget ended
        var summary = new RunSummary(end, outcomes, watch.Elapsed, reason);
        watch.Tell(new EngineEvent.SweepEnded(parts.Time.GetUtcNow(), end, outcomes, summary.Elapsed, reason));
        return summary;
    }

    private async Task<SweepMeter?> MeterAsync(LocalRun run)
    {
        var meter = parts.Meters?.Sweeps.Open(run.Sweep.Id);
        if (meter is not null)
        {
            var outcomes = await parts.Store.CountsAsync(run.Sweep.Id, CancellationToken.None).ConfigureAwait(false);
            meter.Begin(outcomes, parts.Time.GetUtcNow());
        }

        return meter;
    }

    private async Task<SweepState> StateAsync(LocalRun run)
    {
        await parts.Store.SaveSweepAsync(run.Sweep, CancellationToken.None).ConfigureAwait(false);
        await parts
            .Store.ReopenUnconvergedAsync(run.Sweep.Id, run.Measure.MostLaunches, CancellationToken.None)
            .ConfigureAwait(false);
        var options = new SchedulingOptions
        {
            Seed = run.Sweep.Seed,
            LeaseDuration = run.LeaseDuration,
            MaximumCrashes = run.MaximumCrashes,
            MaximumSliceCells = run.MaximumSliceCells,
            MaximumLaunch = run.MaximumLaunch,
            Devices = run.Devices.Count,
            Costs = new LearntCosts(run.Measure, run.Devices[0].Kind),
            LargestDeviceMemoryBytes = run.Devices.Max(d => d.MemoryBytes),
        };

        // Read as a stream: a resumed sweep may have millions of finished cells.
        var finished = parts.Store.FinishedIndicesAsync(run.Sweep.Id, CancellationToken.None);
        return await Task.Run(() => new SweepState(run.Source, options, finished.ToBlockingEnumerable()))
            .ConfigureAwait(false);
    }

    private SliceRunner Runner(LocalRun run, RunWatch watch) =>
        new(
            new SliceRunnerOptions
            {
                Sweep = run.Sweep.Id,
                Measure = run.Measure,
                Seed = run.Sweep.Seed,
                MaximumCrashes = run.MaximumCrashes,
                HandBackBy = HandsBack(run.Measure) ? AnalysisRule.Of(run.Measure).Verdict : null,
            },
            new SliceRunnerParts(
                parts.Store,
                parts.Workers,
                parts.Catalog,
                parts.Orders,
                parts.Estimate ?? CellEstimates.By(run.Measure),
                parts.Time
            )
            {
                Devices = parts.Meters?.Devices,
            },
            watch.Tell,
            parts.Logging.CreateLogger<SliceRunner>()
        );

    /// <summary>With a budget, every cell has its first look before any has its second.</summary>
    private static bool HandsBack(MeasureSpec measure) => measure is { SweepBudget: not null, Launches: null };

    /// <summary>A loop that fails takes the others with it: softly where a backend is to blame, at once where the store or a bug is.</summary>
    private static async Task<bool> LoopAsync(
        LoopContext context,
        DeviceInfo device,
        CancellationTokenSource abort,
        CancellationTokenSource hardAbort
    )
    {
        try
        {
            return await Task.Run(new DeviceLoop(context, device).RunAsync).ConfigureAwait(false);
        }
        catch (BackendUnusableException)
        {
            await abort.CancelAsync().ConfigureAwait(false);
            throw;
        }
        catch
        {
            await abort.CancelAsync().ConfigureAwait(false);
            await hardAbort.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Only a process that was suspended loses a lease to itself; its slice is then killed and run again.</summary>
    private void Renew(SharedSweep sweep)
    {
        foreach (var (token, lost) in sweep.Renew())
        {
            logger.LeaseLost(token);
            try
            {
                lost.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was told of in this moment.
            }
        }
    }
}
