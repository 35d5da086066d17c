using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Workers;
using Layerbench.Metrics;

namespace Layerbench.Engine.Launches;

/// <summary>One slice on one device, from what the store has of its cells to what became of each.</summary>
internal sealed class SliceRun(
    SliceContext context,
    Slice slice,
    DeviceInfo device,
    CancellationToken stop,
    CancellationToken kill
)
{
    private readonly SliceRunnerOptions options = context.Options;
    private readonly SliceRunnerParts parts = context.Parts;
    private readonly TimeProvider time = context.Parts.Time;
    private readonly SliceLedger ledger = new(context, slice, device, kill);
    private readonly CellOrders orders = new(context, device);
    private readonly LaunchCanaries canaries = new(context, device, kill);

    public async Task<IReadOnlyList<CellTold>> RunAsync()
    {
        try
        {
            await ledger.LoadAsync().ConfigureAwait(false);
            await ledger.SettleAsync().ConfigureAwait(false);
            var launches = new LaunchStarter(context, slice, device, kill);
            while (!stop.IsCancellationRequested && ledger.NextKind() is { } kind)
            {
                await RoundAsync(kind, launches).ConfigureAwait(false);
                await ledger.SettleAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            // The launch in flight is lost, as asked; what was told before stands.
        }

        return ledger.Told();
    }

    /// <summary>
    /// One launch of every cell that still needs one of this kind. It is one process, or where a cell kills it, one
    /// more for the cells that were still to come.
    /// </summary>
    private async Task RoundAsync(LaunchKind kind, LaunchStarter launches)
    {
        var round = ledger.Open(kind).OrderBy(c => c.Cell.Id.Value, StringComparer.Ordinal).ToArray();
        var number = round.Min(c => c.Done(kind));

        // A random order, so that no cell always follows the same neighbour; the same for the same slice and launch.
        SeededRandom.For(options.Seed, "order", kind, number, slice.Attempt, round[0].Cell.Id).Shuffle(round.AsSpan());
        var pending = new Queue<CellInSlice>(round);
        while (pending.Count > 0 && !stop.IsCancellationRequested)
        {
            using var span = Spans.Launch(slice.Backend, kind, number, pending.Count);
            var since = time.GetTimestamp();
            var launch = await launches.StartAsync(kind, [.. pending]).ConfigureAwait(false);
            if (launch is null)
            {
                Wasted(since);
                continue;
            }

            await using (launch.ConfigureAwait(false))
            {
                EngineMetrics.Started(launch.ProcessStart);
                context.OnEvent(
                    new EngineEvent.LaunchStarted(
                        launch.StartedAt,
                        device.Id,
                        kind,
                        number,
                        ledger.Needed(kind),
                        pending.Count
                    )
                );
                await WorkThroughAsync(launch, number, round.Length, pending).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Until the launch has seen every pending cell, dies, or is to stop; then keeps what it brought, whole.</summary>
    private async Task WorkThroughAsync(Launch launch, int number, int of, Queue<CellInSlice> pending)
    {
        var records = new List<(CellInSlice Cell, LaunchRecord Record)>();
        var lost = !await canaries.MeasureAsync(launch, CanaryPlace.First).ConfigureAwait(false);
        while (!lost && pending.Count > 0 && !stop.IsCancellationRequested)
        {
            var cell = pending.Dequeue();
            var since = time.GetTimestamp();
            try
            {
                var position = of - pending.Count - 1;
                var (record, trouble) = await VisitAsync(launch, cell, position).ConfigureAwait(false);
                if (record is not null && launch.Kind == LaunchKind.Quality)
                {
                    // Each may have taken minutes: it is not to be lost with the next.
                    await StoreAsync(launch, number, [(cell, record)]).ConfigureAwait(false);
                    await ledger.SettleAsync().ConfigureAwait(false);
                }
                else if (record is not null)
                {
                    records.Add((cell, record));
                }
                else
                {
                    await ledger.EndInTroubleAsync(cell, trouble!).ConfigureAwait(false);
                }
            }
            catch (WorkerLostException e)
            {
                lost = true;
                Wasted(since);
                await ledger.CrashAsync(cell, e).ConfigureAwait(false);
            }
        }

        lost = lost || !await canaries.MeasureAsync(launch, CanaryPlace.Last).ConfigureAwait(false);
        await StoreAsync(launch, number, records).ConfigureAwait(false);
        await canaries.StoreAsync(launch, records.Count > 0).ConfigureAwait(false);
        if (!lost)
        {
            await launch.SayByeAsync(kill).ConfigureAwait(false);
        }
    }

    private async Task<(LaunchRecord? Record, Reply.Trouble? Trouble)> VisitAsync(
        Launch launch,
        CellInSlice cell,
        int position
    )
    {
        var number = cell.Done(launch.Kind);
        var seed = SeededRandom.Derive(options.Seed, "orders", cell.Cell.Id, launch.Kind, number);
        var at = time.GetUtcNow();
        context.OnEvent(new EngineEvent.CellStarted(at, device.Id, cell.Cell, launch.Kind, number));
        var (findings, trouble) = await new CellVisit(
            launch.Worker,
            orders.Of(cell.Cell, launch.Kind, number, seed, kill),
            time,
            kill
        )
            .RunAsync()
            .ConfigureAwait(false);
        launch.Gpu?.ReadNow();
        if (findings is not null)
        {
            EngineMetrics.Visited(findings.Phases.Gate, findings.Phases.WarmUp, findings.Phases.Measure);
        }

        return findings is null
            ? (null, trouble)
            : (
                new LaunchRecord(
                    cell.Cell.Id,
                    launch.Kind,
                    number,
                    slice.Attempt,
                    device.Id,
                    launch.Fingerprint.Id,
                    at,
                    position,
                    seed,
                    launch.ProcessStart,
                    findings.Phases,
                    findings.Steady,
                    [
                        .. findings.Variants.Zip(
                            cell.Cell.Variants,
                            (facts, use) => orders.WithPlanned(facts, use, cell.Cell)
                        ),
                    ],
                    launch.Gpu is { } gpu
                        ? GpuEvidence.Apply(findings.Samples, findings.Starts, gpu.Readings)
                        : findings.Samples,
                    findings.Memory
                )
                {
                    Trainings = findings.Trainings,
                    Curves = findings.Curves,
                },
                null
            );
    }

    private async Task StoreAsync(Launch launch, int number, List<(CellInSlice Cell, LaunchRecord Record)> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        foreach (var (cell, record) in records)
        {
            cell.Add(record);
        }

        // With the launches that they end with: one commit for both. What fails here ends the run of the slice.
        var ends = await ledger.EndsAsync(records.Select(r => r.Cell)).ConfigureAwait(false);
        var batch = new LaunchBatch(options.Sweep, launch.Fingerprint, [.. records.Select(r => r.Record)])
        {
            Ends = ends.Results,
        };
        var since = time.GetTimestamp();
        await slice
            .WriteAsync(epoch => parts.Store.AcceptAsync(batch with { Epoch = epoch }, kill), kill)
            .ConfigureAwait(false);
        EngineMetrics.Reported(time.GetElapsedTime(since));
        context.OnEvent(
            new EngineEvent.LaunchStored(
                time.GetUtcNow(),
                device.Id,
                launch.Kind,
                number,
                records.Count,
                launch.ProcessStart
            )
        );
        await ledger.EndedAsync(ends).ConfigureAwait(false);
    }

    /// <summary>What was done since then brought nothing.</summary>
    private void Wasted(long since) => parts.Devices?.Of(device.Id).Waste(time.GetElapsedTime(since));
}
