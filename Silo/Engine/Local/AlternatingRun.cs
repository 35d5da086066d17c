using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Workers;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Local;

/// <summary>One of two runs whose cells are measured again beside the other's.</summary>
/// <param name="Sweep">As the first run's store has it; its seed is used again.</param>
/// <param name="Store">Of the new launches; not the first run's, whose cells have ended.</param>
/// <param name="Cells">In the order of the other side's.</param>
/// <param name="Environment">The first run's, which the new launches must have too.</param>
public sealed record AlternatingSide(
    SweepRecord Sweep,
    IResultStore Store,
    IWorkerFactory Workers,
    VariantCatalog Catalog,
    IReadOnlyList<Cell> Cells,
    Fingerprint Environment
);

/// <summary>A side cannot be measured as it was: what differs is in the message.</summary>
/// <param name="isBefore">Whether it is the first of the two.</param>
public sealed class EnvironmentChangedException(bool isBefore, string difference)
    : Exception(
        $"the {(isBefore ? "first" : "second")} run was measured in an environment that is not here: {difference}"
    )
{
    public bool IsBefore { get; } = isBefore;
    public string Difference { get; } = difference;
}

/// <summary>
/// Measures the same cells of two runs in turn, a launch of the one beside a launch of the other, the first of each pair
/// drawn by the seed: what drifts on the machine is in both. A cell ends at the first look at which every variant's
/// paired ratio is as narrow as asked, or at the last; never because a difference is significant.
/// </summary>
public sealed class AlternatingRun(
    AlternatingSide before,
    AlternatingSide after,
    MeasureSpec measure,
    double target,
    TimeProvider time,
    ILoggerFactory logging
)
{
    /// <summary>More than there are looks, so that no cell ends in a store before its partner.</summary>
    private const int Unbounded = 1000;

    private readonly MeasureSpec perLaunch = measure with
    {
        Launches = Unbounded,
        MemoryLaunches = 0,
        SweepBudget = null,
        CellBudget = null,
    };

    /// <summary>Told before each pair: its number from 1, the look it leads to, and the cells in it.</summary>
    public Action<int, int, int> OnPair { get; init; } = static (_, _, _) => { };

    public Action<string> OnBusy { get; init; } = static _ => { };

    public string LockFolder { get; init; } = DeviceLock.DefaultFolder;

    /// <param name="stop">Soft: end after the launch in flight.</param>
    /// <param name="kill">Hard: the launch in flight is lost.</param>
    /// <exception cref="EnvironmentChangedException">Launches here have another fingerprint than the first run's.</exception>
    /// <exception cref="BackendUnusableException">A side's workers do not start.</exception>
    public async Task RunAsync(DeviceInfo device, CancellationToken stop, CancellationToken kill)
    {
        try
        {
            await PairsAsync(device, stop, kill).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || kill.IsCancellationRequested)
        {
            // Told to end while it waited for the device, or in the middle of a launch; what was stored before stands.
        }
    }

    private async Task PairsAsync(DeviceInfo device, CancellationToken stop, CancellationToken kill)
    {
        await before.Store.SaveSweepAsync(before.Sweep, kill).ConfigureAwait(false);
        await after.Store.SaveSweepAsync(after.Sweep, kill).ConfigureAwait(false);
        using var held = await DeviceLock
            .AcquireAsync(device, LockFolder, TimeProvider.System, OnBusy, stop)
            .ConfigureAwait(false);
        var open = Enumerable.Range(0, before.Cells.Count).ToList();
        while (true)
        {
            var done = await DoneAsync(open, kill).ConfigureAwait(false);
            foreach (var cell in open.ToList())
            {
                if (
                    await IsSettledAsync(cell, Math.Min(done[cell].Before, done[cell].After), kill)
                        .ConfigureAwait(false)
                )
                {
                    open.Remove(cell);
                }
            }

            if (open.Count == 0 || stop.IsCancellationRequested)
            {
                return;
            }

            await PairAsync(open, done, device, stop, kill).ConfigureAwait(false);
        }
    }

    private async Task PairAsync(
        List<int> open,
        Dictionary<int, (int Before, int After)> done,
        DeviceInfo device,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        var number = open.Min(c => Math.Min(done[c].Before, done[c].After));
        OnPair(number + 1, Looks.Next(number, Looks.At[^1])!.Value, open.Count);
        var beforeFirst = SeededRandom.For(before.Sweep.Seed, "sides", number).NextDouble() < 0.5;
        foreach (var isBefore in beforeFirst ? (bool[])[true, false] : [false, true])
        {
            var side = isBefore ? before : after;
            var due = open.Where(c => (isBefore ? done[c].Before : done[c].After) == number).ToList();
            if (due.Count == 0 || stop.IsCancellationRequested)
            {
                continue;
            }

            var told = await LaunchAsync(side, [.. due.Select(c => side.Cells[c])], device, stop, kill)
                .ConfigureAwait(false);
            foreach (var (cell, what) in due.Zip(told))
            {
                if (what is not CellTold.HandedBack)
                {
                    // It failed here where it did not before; what is stored of it stays, its verdict too.
                    open.Remove(cell);
                }
            }
        }
    }

    /// <summary>One launch of the cells: the runner is stopped, softly, when it has stored one.</summary>
    private async Task<IReadOnlyList<CellTold>> LaunchAsync(
        AlternatingSide side,
        IReadOnlyList<Cell> cells,
        DeviceInfo device,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        using var one = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var runner = new SliceRunner(
            new SliceRunnerOptions
            {
                Sweep = side.Sweep.Id,
                Measure = perLaunch,
                Seed = side.Sweep.Seed,
            },
            new SliceRunnerParts(side.Store, side.Workers, side.Catalog, BlockOrders.Make, static (_, _) => null, time),
            e =>
            {
                if (e is EngineEvent.LaunchStored)
                {
                    one.Cancel();
                }
            },
            logging.CreateLogger<AlternatingRun>()
        );
        var slice = new Slice(new LeaseToken("beside"), device.Id, 1, cells, DateTimeOffset.MaxValue);
        var told = await runner.RunAsync(slice, device, one.Token, kill).ConfigureAwait(false);
        await RefuseAnotherEnvironmentAsync(side, cells, kill).ConfigureAwait(false);
        return told;
    }

    private async Task RefuseAnotherEnvironmentAsync(
        AlternatingSide side,
        IReadOnlyList<Cell> cells,
        CancellationToken kill
    )
    {
        var progress = await side
            .Store.ProgressAsync(side.Sweep.Id, [.. cells.Select(c => c.Id)], kill)
            .ConfigureAwait(false);
        var other = progress
            .Values.Select(p => p.Fingerprint)
            .FirstOrDefault(f => f is { } id && id != side.Environment.Id);
        if (other is not null)
        {
            var found = await side.Store.FingerprintsAsync(side.Sweep.Id, kill).ConfigureAwait(false);
            throw new EnvironmentChangedException(
                side == before,
                Fingerprints.Difference(side.Environment.Entries, found.First(f => f.Id == other).Entries)
            );
        }
    }

    private async Task<Dictionary<int, (int Before, int After)>> DoneAsync(List<int> open, CancellationToken kill)
    {
        var (a, b) = (await CountsAsync(before).ConfigureAwait(false), await CountsAsync(after).ConfigureAwait(false));
        return open.ToDictionary(c => c, c => (a(before.Cells[c].Id), b(after.Cells[c].Id)));

        async Task<Func<CellId, int>> CountsAsync(AlternatingSide side)
        {
            var progress = await side
                .Store.ProgressAsync(side.Sweep.Id, [.. open.Select(c => side.Cells[c].Id)], kill)
                .ConfigureAwait(false);
            return id => progress.GetValueOrDefault(id).TimeLaunches;
        }
    }

    private async Task<bool> IsSettledAsync(int cell, int pairs, CancellationToken kill)
    {
        if (pairs >= Looks.At[^1])
        {
            return true;
        }

        if (!Looks.At.Contains(pairs))
        {
            return false;
        }

        var labels = before.Cells[cell].Variants.Select(v => v.Label).ToList();
        var a = await before.Store.LaunchesAsync(before.Sweep.Id, before.Cells[cell].Id, kill).ConfigureAwait(false);
        var b = await after.Store.LaunchesAsync(after.Sweep.Id, after.Cells[cell].Id, kill).ConfigureAwait(false);
        return RunComparison
            .OfPairs(labels, a, b, exclusions: true)
            .All(c => (c.Evidence.Ratio.High - c.Evidence.Ratio.Low) / 2 / c.Evidence.Ratio.Value <= target);
    }
}
