using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Local;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.SweepFiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Cli.Sweeping;

/// <summary>
/// Measures cells of two runs again, a launch of the one beside a launch of the other, where both can be measured here
/// as they were.
/// </summary>
/// <param name="python">From --python.</param>
/// <param name="say">Progress, in lines.</param>
internal sealed class Rerun(RunStore before, RunStore after, string? python, TimeProvider time, Action<string> say)
{
    private const string Option = "--rerun-inconclusive";

    /// <summary>Cells that share launches, as in a run.</summary>
    private const int MaximumCells = 16;

    private readonly Dictionary<(RunStore Run, string Extra), Workplace> places = [];
    private readonly Dictionary<RunStore, SweepPlan> plans = [];
    private readonly Dictionary<(RunStore Run, CellId Cell), long> indices = [];

    /// <param name="cells">Cells that both runs have.</param>
    /// <param name="target">Half-width of a paired ratio's interval at which a cell is done.</param>
    /// <exception cref="BadInputException">A run cannot be measured here again: what it lacks.</exception>
    public async Task RunAsync(IReadOnlyCollection<CellId> cells, double target, StopSignals signals)
    {
        await NoteIndicesAsync(before, cells, signals.Kill);
        await NoteIndicesAsync(after, cells, signals.Kill);
        List<(Side Before, Side After)> sides = [];
        foreach (var cell in cells)
        {
            sides.Add((await SideAsync(before, cell, signals.Kill), await SideAsync(after, cell, signals.Kill)));
        }

        await using var stores = PairedLaunches.Open(before, after);
        foreach (var group in sides.GroupBy(s => (s.Before.Key, s.After.Key)))
        {
            foreach (var chunk in group.Chunk(MaximumCells).TakeWhile(_ => !signals.Stop.IsCancellationRequested))
            {
                var run = new AlternatingRun(
                    Alternate(before, stores.Before, [.. chunk.Select(c => c.Before)]),
                    Alternate(after, stores.After, [.. chunk.Select(c => c.After)]),
                    SweepFile.MeasureOf(before.Sweep.Spec),
                    target,
                    time,
                    NullLoggerFactory.Instance
                )
                {
                    OnPair = (pair, look, count) => say($"pair {pair} of {look}, {Units.Count(count, "cell")}"),
                    OnBusy = holder => say($"waits: {holder} measures on the device"),
                };
                await MeasureAsync(run, chunk[0].Before.Device, signals);
            }
        }
    }

    private async Task MeasureAsync(AlternatingRun run, DeviceInfo device, StopSignals signals)
    {
        try
        {
            await run.RunAsync(device, signals.Stop, signals.Kill);
        }
        catch (EnvironmentChangedException e)
        {
            throw Cannot(e.IsBefore ? before : after, e.Difference);
        }
        catch (BackendUnusableException e)
        {
            throw new BadInputException($"{Option}: {e.Message}", e);
        }
    }

    private async Task NoteIndicesAsync(RunStore run, IReadOnlyCollection<CellId> cells, CancellationToken kill)
    {
        await foreach (var cell in run.CellsAsync(kill))
        {
            if (cells.Contains(cell.Id))
            {
                indices[(run, cell.Id)] = cell.Index;
            }
        }
    }

    private async Task<Side> SideAsync(RunStore run, CellId id, CancellationToken kill)
    {
        var launches = await run.TimedAsync(id, kill);
        var environment = run.Environment(launches[0]);
        var extra = environment.Entries.GetValueOrDefault("extra_variants") ?? "";
        if (!places.TryGetValue((run, extra), out var place))
        {
            places[(run, extra)] = place = await Workplace.FindAsync(python, kill, extra);
        }

        if (!plans.TryGetValue(run, out var plan))
        {
            var sweep = LoadedSweep.FromRecord(run.Sweep, new SweepRequest([]), place.Catalog.Variants);
            plans[run] = plan = SweepPlan.Create(sweep.Spec, place.Catalog.Variants);
        }

        var cell = plan.At(indices[(run, id)]);
        if (cell?.Id != id)
        {
            throw Cannot(run, $"its sweep has no cell {id} here, a variant takes other parameters now");
        }

        var found = DeviceSelection.Resolve([Pattern(launches[0].Device)], place.Available);
        return found.Errors.Count > 0 ? throw Cannot(run, $"it was measured on {launches[0].Device}, which is not here")
            : IsNewer(place.Catalog.Find(cell.Backend), launches.Max(l => l.StartedAt))
                ? throw Cannot(run, $"the code of the worker {cell.Backend} has been written since")
            : new Side(cell, found.Devices.Single(d => d.Id == launches[0].Device), environment, place);
    }

    /// <summary>What selects the device; <c>simulated:4</c> selects those from 0 to 3.</summary>
    private static string Pattern(DeviceId device) =>
        device.Value.Split(':') is ["simulated", var number]
            ? $"simulated:{int.Parse(number, CultureInfo.InvariantCulture) + 1}"
            : device.Value;

    /// <summary>What was built since is perhaps not what was measured, and nothing else would tell.</summary>
    private static bool IsNewer(BackendStatus? backend, DateTimeOffset than)
    {
        var code = backend?.Command?.Arguments.LastOrDefault(File.Exists);
        return code is not null
            && (
                Path.GetExtension(code) == ".py"
                    ? Directory.EnumerateFiles(Path.GetDirectoryName(code)!, "*.py", SearchOption.AllDirectories)
                    : [code]
            ).Any(file => File.GetLastWriteTimeUtc(file) > than.UtcDateTime);
    }

    private AlternatingSide Alternate(RunStore run, IResultStore store, IReadOnlyList<Side> sides)
    {
        var catalog = sides[0].Place.Catalog;
        var simulated = new SimulatedWorkerFactory(catalog.Find(SimulatedBackend.Name)!.Info!, new VirtualClock());
        return new AlternatingSide(
            run.Sweep,
            store,
            new WorkerFactory(catalog, Allocator.Find(), simulated, time),
            catalog.Variants,
            [.. sides.Select(s => s.Cell)],
            sides[0].Environment
        );
    }

    private static BadInputException Cannot(RunStore run, string why) =>
        new(
            $"{Option}: '{run.Folder}' cannot be measured here again as it was: {why}; measure both anew where both can be, "
                + "or leave the option out"
        );

    private sealed record Side(Cell Cell, DeviceInfo Device, Fingerprint Environment, Workplace Place)
    {
        /// <summary>Cells that are alike in it can share launches.</summary>
        public (DeviceId, string, int, FingerprintId) Key => (Device.Id, Cell.Backend, Cell.Threads, Environment.Id);
    }
}
