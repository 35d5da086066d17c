using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains;
using Layerbench.Grains.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Silo.Simulated;

/// <summary>Runs the cells of <c>simulated: N</c> by waiting, and keeps one launch of each, so that the store's own rules are at work.</summary>
internal sealed class SimulatedRunners(IResultStore store, TimeSpan cellTime, TimeProvider time) : ISliceRunners
{
    public ISliceRunner For(SweepRecord sweep) =>
        new SimulatedRunner(sweep.Id, SimulatedSweep.Read(sweep)!, store, cellTime, time);
}

/// <param name="cellTime">Of the median cell.</param>
internal sealed class SimulatedRunner(
    SweepId sweep,
    SimulatedSweep waits,
    IResultStore store,
    TimeSpan cellTime,
    TimeProvider time
) : ISliceRunner
{
    /// <summary>Cells that are shorter than this together share a launch, as a real slice's cells do.</summary>
    private static readonly TimeSpan launchTime = TimeSpan.FromMilliseconds(10);

    private static readonly Fingerprint fingerprint = FingerprintHash.Named(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["device.model"] = "simulated device" }
    );

    public async Task<IReadOnlyList<CellTold>> RunAsync(
        Slice slice,
        DeviceInfo device,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        var told = new List<CellTold>();
        // A slice that comes from a dead lease may hold cells whose launch is stored already: those are not run again.
        var progress = await store.ProgressAsync(sweep, [.. slice.Cells.Select(c => c.Id)], kill);
        foreach (var cells in Launches(slice.Cells))
        {
            if (stop.IsCancellationRequested)
            {
                told.AddRange(cells.Select(c => new CellTold.HandedBack(c.Index)));
                continue;
            }

            var fresh = cells.Where(c => progress.GetValueOrDefault(c.Id).TimeLaunches == 0).ToList();
            var wait = fresh.Aggregate(TimeSpan.Zero, (sum, cell) => sum + TimeOf(cell));
            await Task.Delay(wait, time, kill);
            var outcome = new Outcome.Completed();
            var now = time.GetUtcNow();
            var batch = new LaunchBatch(sweep, fingerprint, [.. fresh.Select(c => Launch(slice, c))])
            {
                Ends = [.. cells.Select(c => c.Ended(outcome, slice.Device, now))],
            };
            await slice.WriteAsync(epoch => store.AcceptAsync(batch with { Epoch = epoch }, kill), kill);
            told.AddRange(cells.Select(c => new CellTold.Ended(c.Index, outcome)));
        }

        return told;
    }

    private TimeSpan TimeOf(Cell cell) => cellTime * waits.FactorOf(cell.Index);

    private IEnumerable<IReadOnlyList<Cell>> Launches(IEnumerable<Cell> cells)
    {
        var together = new List<Cell>();
        var length = TimeSpan.Zero;
        foreach (var cell in cells)
        {
            together.Add(cell);
            length += TimeOf(cell);
            if (length >= launchTime)
            {
                yield return together;
                (together, length) = ([], TimeSpan.Zero);
            }
        }

        if (together.Count > 0)
        {
            yield return together;
        }
    }

    private LaunchRecord Launch(Slice slice, Cell cell) =>
        new(
            cell.Id,
            LaunchKind.Time,
            Number: 0,
            slice.Attempt,
            slice.Device,
            fingerprint.Id,
            time.GetUtcNow(),
            Position: 0,
            Seed: 0,
            ProcessStart: TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeOf(cell)),
            Steady: true,
            [new VariantFacts(cell.Baseline, 0, null, null, null)],
            [new Sample(0, 0, 0, 1, (long)TimeOf(cell).TotalNanoseconds, 0, null, -1, -1)],
            []
        );
}
