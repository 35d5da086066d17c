using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains;
using Layerbench.Grains.Sweeps;

namespace Layerbench.Silo.Simulated;

/// <summary>Runs cells by waiting, and keeps one launch of each, so that the store's own rules are at work.</summary>
internal sealed class SimulatedRunners(IResultStore store, TimeSpan cellTime, TimeProvider time) : ISliceRunners
{
    public ISliceRunner For(SweepRecord sweep) => new SimulatedRunner(sweep.Id, store, cellTime, time);
}

internal sealed class SimulatedRunner(SweepId sweep, IResultStore store, TimeSpan cellTime, TimeProvider time)
    : ISliceRunner
{
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
        foreach (var cell in slice.Cells)
        {
            if (stop.IsCancellationRequested)
            {
                told.Add(new CellTold.HandedBack(cell.Index));
                continue;
            }

            if (!progress.TryGetValue(cell.Id, out var done) || done.TimeLaunches == 0)
            {
                await Task.Delay(cellTime, time, kill);
                await store.AcceptAsync(new LaunchBatch(sweep, fingerprint, [Launch(slice, cell)]), kill);
            }

            var outcome = new Outcome.Completed();
            await store.FinishAsync(sweep, [cell.Ended(outcome, slice.Device, time.GetUtcNow())], kill);
            told.Add(new CellTold.Ended(cell.Index, outcome));
        }

        return told;
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
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, cellTime),
            Steady: true,
            [new VariantFacts(cell.Baseline, 0, null, null, null)],
            [new Sample(0, 0, 0, 1, (long)cellTime.TotalNanoseconds, 0, null, -1, -1)],
            []
        );
}
