using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Local;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Launches;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Engine.Tests.Local;

/// <summary>Cells of a list as a plan; each costs the same.</summary>
internal sealed class ListedCells(IReadOnlyList<Cell> cells) : ICellSource
{
    public long Size => cells.Count;

    public Cell? At(long index) => cells[(int)index];

    public CellCost Cost(Cell cell) => new(1e6, 1e6, 1e6);

    public string? Refusal(Cell cell) => null;
}

/// <summary>A local engine over a real store and simulated devices, whose clock is virtual.</summary>
internal sealed class LocalBench : IAsyncDisposable
{
    private readonly ScratchFolder folder = new();

    public LocalBench()
    {
        Store = SqliteResultStore.Open(folder.File("layerbench.db"));
        Workers = new SimulatedWorkerFactory(SimulatedBackend.Describe([]), Clock);
        Devices = DeviceSelection.Resolve(["simulated:4"], []).Devices;
    }

    public VirtualClock Clock { get; } = new();
    public SqliteResultStore Store { get; }
    public IWorkerFactory Workers { get; set; }
    public IReadOnlyList<DeviceInfo> Devices { get; set; }
    public MeasureSpec Measure { get; set; } = Cells.Measure;
    public List<EngineEvent> Events { get; } = [];
    public Action<EngineEvent> OnEvent { get; set; } = static _ => { };
    public string LockFolder => folder.File("locks");
    public SweepId Sweep => Records.Sweep().Id;

    public Task<RunSummary> RunAsync(
        IReadOnlyList<Cell> cells,
        CancellationTokenSource? stop = null,
        CancellationTokenSource? kill = null
    ) =>
        new LocalEngine(
            new LocalEngineParts(
                Store,
                Workers,
                new VariantCatalog([SimulatedBackend.Describe([])]),
                Clock,
                NullLoggerFactory.Instance
            )
        ).RunAsync(
            new LocalRun
            {
                Sweep = Records.Sweep(),
                Source = new ListedCells(cells),
                Measure = Measure,
                Devices = Devices,
                LockFolder = LockFolder,
            },
            e =>
            {
                Events.Add(e);
                OnEvent(e);
            },
            stop?.Token ?? CancellationToken.None,
            kill?.Token ?? CancellationToken.None
        );

    public async Task<IReadOnlyList<CellResult>> ResultsAsync()
    {
        var results = new List<CellResult>();
        await foreach (var cell in Store.CellsAsync(Sweep, CancellationToken.None))
        {
            results.Add(cell);
        }

        return results;
    }

    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(Cell cell) =>
        Store.LaunchesAsync(Sweep, cell.Id, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
    }
}
