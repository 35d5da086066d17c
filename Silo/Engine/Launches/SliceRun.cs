using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Workers;

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
            var launch = await launches.StartAsync(kind, [.. pending]).ConfigureAwait(false);
            if (launch is not null)
            {
                await using (launch.ConfigureAwait(false))
                {
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
    }

    /// <summary>Until the launch has seen every pending cell, dies, or is to stop; then keeps what it brought, whole.</summary>
    private async Task WorkThroughAsync(Launch launch, int number, int of, Queue<CellInSlice> pending)
    {
        var records = new List<(CellInSlice Cell, LaunchRecord Record)>();
        var lost = !await canaries.MeasureAsync(launch, CanaryPlace.First).ConfigureAwait(false);
        while (!lost && pending.Count > 0 && !stop.IsCancellationRequested)
        {
            var cell = pending.Dequeue();
            try
            {
                var position = of - pending.Count - 1;
                var (record, trouble) = await VisitAsync(launch, cell, position).ConfigureAwait(false);
                if (record is not null)
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
            Order(cell.Cell, launch.Kind, number, seed),
            time,
            kill
        )
            .RunAsync()
            .ConfigureAwait(false);
        launch.Gpu?.ReadNow();
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
                    [.. findings.Variants.Zip(cell.Cell.Variants, (facts, use) => WithWork(facts, use, cell.Cell))],
                    launch.Gpu is { } gpu
                        ? GpuEvidence.Apply(findings.Samples, findings.Starts, gpu.Readings)
                        : findings.Samples,
                    findings.Memory
                ),
                null
            );
    }

    private VisitOrder Order(Cell cell, LaunchKind kind, int number, ulong seed)
    {
        var measure = options.Measure;
        var passAxes = parts.Catalog.FindPass(cell.Pass)?.Axes ?? [];
        var variants = cell.Variants.Select(use =>
        {
            var parameters = use.Parameters;
            var missing = passAxes.Where(a => !parameters.ContainsKey(a.Name) && cell.Point.Find(a.Name) is not null);
            if (missing.Any())
            {
                var all = new Dictionary<string, AxisValue>(parameters, StringComparer.Ordinal);
                foreach (var axis in missing.ToList())
                {
                    all[axis.Name] = cell.Point[axis.Name];
                }

                parameters = all;
            }

            return new PreparedVariant(use.Label, use.Variant, parameters, use.ExtraWork > 0 ? use.ExtraWork : null);
        });
        return new VisitOrder(
            new Request.Prepare(
                cell.Id.Value,
                cell.Pass,
                cell.Dtype,
                // The same data in every launch of a cell: launches differ in nothing that is chosen.
                SeededRandom.Derive(options.Seed, "data", cell.Id),
                Gate: kind == LaunchKind.Time && number == 0,
                [.. variants]
            ),
            kind,
            kind == LaunchKind.Time ? parts.Orders(cell.Variants.Count, measure.Blocks, seed) : [],
            (long)measure.MinimumSample.TotalNanoseconds,
            measure.WarmUpMinimum,
            measure.WarmUpMaximum,
            measure.CellTimeout
        );
    }

    /// <summary>With what an iteration has to do, which the catalogue knows now and may tell otherwise later.</summary>
    private VariantFacts WithWork(VariantFacts facts, VariantUse use, Cell cell) =>
        parts.Catalog.FindVariant(use.Variant) is { } variant
        && parts.Catalog.FindPass(cell.Pass) is { } pass
        && VariantWork.Of(
            variant,
            pass,
            name => use.Parameters.TryGetValue(name, out var v) ? v : cell.Point.Find(name)
        )
            is { } work
            ? facts with
            {
                Flops = work.Flops,
                Bytes = work.Bytes,
            }
            : facts;

    private async Task StoreAsync(Launch launch, int number, List<(CellInSlice Cell, LaunchRecord Record)> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        await parts
            .Store.AcceptAsync(
                new LaunchBatch(options.Sweep, launch.Fingerprint, [.. records.Select(r => r.Record)]),
                kill
            )
            .ConfigureAwait(false);
        foreach (var (cell, record) in records)
        {
            cell.Stored(record);
        }

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
    }
}
