using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Sweeping;

/// <summary>One of two runs that are compared: the sweep that its folder had last, and what that was measured in.</summary>
internal sealed class RunStore : IAsyncDisposable
{
    private readonly SqliteResultStore store;
    private readonly Dictionary<FingerprintId, Fingerprint> environments;
    private readonly ILookup<DeviceId, CanaryRecord> canaries;

    private RunStore(
        string folder,
        SqliteResultStore store,
        SweepRecord sweep,
        IReadOnlyList<Fingerprint> environments,
        IReadOnlyList<CanaryRecord> canaries
    )
    {
        Folder = folder;
        Sweep = sweep;
        this.store = store;
        this.environments = environments.ToDictionary(f => f.Id);
        this.canaries = canaries.ToLookup(c => c.Device);
    }

    /// <summary>As it was typed.</summary>
    public string Folder { get; }

    public SweepRecord Sweep { get; }

    public IReadOnlyList<Fingerprint> Environments => [.. environments.Values];

    /// <exception cref="BadInputException">The store has no sweep.</exception>
    /// <exception cref="StoreException">There is no store, or not one that can be read.</exception>
    public static async Task<RunStore> OpenAsync(string folder, CancellationToken cancellation)
    {
        var opened = OutputFolder.OpenForReading(folder);
        try
        {
            var sweep = StoredSweeps.Choose(folder, await opened.SweepsAsync(cancellation), wanted: null);
            return new RunStore(
                folder,
                opened,
                sweep,
                await opened.FingerprintsAsync(sweep.Id, cancellation),
                await opened.CanariesAsync(sweep.Id, cancellation)
            );
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public Fingerprint Environment(LaunchRecord launch) => environments[launch.Fingerprint];

    public IReadOnlyList<CanaryRecord> Canaries(DeviceId device) => [.. canaries[device]];

    /// <summary>Cells that are no controls, by plan index.</summary>
    public async IAsyncEnumerable<CellResult> CellsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var cell in store.CellsAsync(Sweep.Id, cancellation))
        {
            if (Controls.KindOf(cell.Labels) == ControlKind.None)
            {
                yield return cell;
            }
        }
    }

    /// <summary>The cell's launches that are kept.</summary>
    public Task<IReadOnlyList<LaunchRecord>> LaunchesAsync(CellId cell, CancellationToken cancellation) =>
        store.LaunchesAsync(Sweep.Id, cell, cancellation);

    /// <summary>The cell's time launches that are kept.</summary>
    public async Task<IReadOnlyList<LaunchRecord>> TimedAsync(CellId cell, CancellationToken cancellation) =>
        [.. (await LaunchesAsync(cell, cancellation)).Where(l => l.Kind == LaunchKind.Time)];

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
