using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Tests.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Engine.Tests.Launches;

/// <summary>A slice runner over a real store and real fake workers, and what it told.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly ScratchFolder folder = new();

    public Bench()
    {
        Store = SqliteResultStore.Open(folder.File("layerbench.db"));
        Log = folder.File("starts.log");
        Says = folder.File("says.txt");
        File.WriteAllText(Says, "one");
        Workers = new FakeWorker("--log", Log, "--says", Says);
    }

    public SqliteResultStore Store { get; }
    public FakeWorker Workers { get; set; }
    public CellEstimating Estimate { get; set; } =
        static (cell, launches) =>
            CellEstimator.Estimate([.. cell.Variants.Select(v => v.Label)], cell.Baseline, launches);

    public DeviceInfo Device { get; set; } = FakeWorker.Cpu;

    /// <summary>1: at both ends of every launch.</summary>
    public double CanaryShare { get; set; } = 1;

    /// <summary>By default none.</summary>
    public string NvmlLibrary { get; set; } = "libnvidia-ml-that-is-not-there.so.1";

    public MeasureSpec Measure { get; set; } = Cells.Measure;
    public List<EngineEvent> Events { get; } = [];
    public CancellationTokenSource Stop { get; private set; } = new();
    public CancellationTokenSource Kill { get; private set; } = new();
    public Action<EngineEvent> OnEvent { get; set; } = static _ => { };

    /// <summary>The file the worker reads part of its environment from.</summary>
    public string Says { get; }

    public string Log { get; }

    public SweepId Sweep => Records.Sweep().Id;

    public string InFolder(string name) => folder.File(name);

    /// <summary>As a new process would: nobody has asked it to stop or killed it.</summary>
    public void StartAgain()
    {
        Stop.Dispose();
        Stop = new CancellationTokenSource();
        Kill.Dispose();
        Kill = new CancellationTokenSource();
        OnEvent = static _ => { };
    }

    public async Task<IReadOnlyList<CellTold>> RunAsync(params IReadOnlyList<Cell> cells) =>
        await RunAsync(NewRunner(), 1, cells);

    /// <summary>As told of the cells that ended, which are otherwise compared without.</summary>
    public IReadOnlyList<double?> LaunchSeconds { get; private set; } = [];

    public async Task<IReadOnlyList<CellTold>> RunAsync(SliceRunner runner, int attempt, IReadOnlyList<Cell> cells)
    {
        await Store.SaveSweepAsync(Records.Sweep(), CancellationToken.None);
        var told = await runner.RunAsync(Cells.Slice(attempt, cells), Device, Stop.Token, Kill.Token);
        Workers.ProcessIds.ForEach(FakeWorker.ShouldBeGone);
        LaunchSeconds = [.. told.OfType<CellTold.Ended>().Select(e => e.LaunchSeconds)];
        return [.. told.Select(t => t is CellTold.Ended ended ? ended with { LaunchSeconds = null } : t)];
    }

    public SliceRunner NewRunner() =>
        new(
            new SliceRunnerOptions
            {
                Sweep = Sweep,
                Measure = Measure,
                Seed = 7,
                HelloTimeout = TimeSpan.FromSeconds(20),
                MaximumCanaryShare = CanaryShare,
                NvmlLibrary = NvmlLibrary,
                GpuInterval = TimeSpan.FromMilliseconds(1),
            },
            new SliceRunnerParts(Store, Workers, FakeWorker.Catalog, BlockOrders.Make, Estimate, TimeProvider.System),
            e =>
            {
                Events.Add(e);
                OnEvent(e);
            },
            NullLogger.Instance
        );

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(Cell cell) =>
        Store.LaunchesAsync(Sweep, cell.Id, CancellationToken.None);

    /// <summary>Kind and number of the cell's launches in the store.</summary>
    public async Task<IReadOnlyList<(LaunchKind, int)>> LaunchNumbersAsync(Cell cell) =>
        [.. (await LaunchesAsync(cell)).Select(l => (l.Kind, l.Number))];

    public async Task<IReadOnlyList<Outcome>> OutcomesAsync()
    {
        var outcomes = new List<Outcome>();
        await foreach (var cell in Store.CellsAsync(Sweep, CancellationToken.None))
        {
            outcomes.Add(cell.Outcome);
        }

        return outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Stop.Dispose();
        Kill.Dispose();
        folder.Dispose();
    }
}
