using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Local;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tests.Launches;
using Layerbench.Engine.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Engine.Tests.Local;

/// <summary>Two runs' cells in turn, over real stores and simulated workers.</summary>
public sealed class AlternatingRunTests : IAsyncDisposable
{
    private static readonly DeviceInfo Device = DeviceSelection.Resolve(["simulated:1"], []).Devices[0];

    private readonly ScratchFolder folder = new();
    private readonly SqliteResultStore first;
    private readonly SqliteResultStore second;
    private readonly List<(int Pair, int Look, int Cells)> pairs = [];

    public AlternatingRunTests()
    {
        first = SqliteResultStore.Open(folder.File("a.db"));
        second = SqliteResultStore.Open(folder.File("b.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CellsEndAtTheLookAtWhichTheirPairsAreNarrowAndNotBecauseTheyDiffer()
    {
        // Of a true ratio of 1.5 beyond doubt; the noise decides, and it is above the target at 6 pairs for the second.
        await RunAsync([Made(0, 0.001), Made(1, 0.03)], [Made(0, 0.001, 150), Made(1, 0.03, 150)], target: 0.015);

        pairs.Take(6).ShouldBe(Enumerable.Range(1, 6).Select(p => (p, 6, 2)));
        pairs.Skip(6).ShouldAllBe(p => p.Cells == 1);
        pairs.Count.ShouldBeOneOf(12, 24, 48);
        (await NumbersAsync(first, 0)).ShouldBe(Enumerable.Range(0, 6));
        (await NumbersAsync(second, 0)).ShouldBe(Enumerable.Range(0, 6));
        (await NumbersAsync(second, 1)).ShouldBe(Enumerable.Range(0, pairs.Count));
    }

    [Fact]
    public async Task KilledInTheMiddleItEndsQuietlyAndGoesOnWhereItWas()
    {
        using var kill = new CancellationTokenSource();
        await RunAsync([Made(0, 0)], [Made(0, 0)], 0.01, p => (p == 3 ? kill : null)?.Cancel(), kill);
        pairs.Count.ShouldBe(3);
        (await NumbersAsync(first, 0)).ShouldBe([0, 1]);

        await RunAsync([Made(0, 0)], [Made(0, 0)], 0.01);

        pairs.Skip(3).Select(p => p.Pair).ShouldBe([3, 4, 5, 6]);
        (await NumbersAsync(first, 0)).ShouldBe(Enumerable.Range(0, 6));
        (await NumbersAsync(second, 0)).ShouldBe(Enumerable.Range(0, 6));
    }

    [Fact]
    public async Task AnotherEnvironmentThanTheRunsIsRefusedAfterItsFirstLaunch()
    {
        var expected = new Fingerprint(
            new FingerprintId("0000000000000000"),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["kernel"] = "6.1" }
        );

        var refused = await Should.ThrowAsync<EnvironmentChangedException>(() =>
            RunAsync([Made(0, 0)], [Made(0, 0)], 0.01, environment: expected)
        );

        refused.Difference.ShouldContain("kernel was '6.1' and is ''");
        pairs.Count.ShouldBe(1);
    }

    private static Cell Made(int index, double noise, double microseconds = 100) =>
        Cells.Simulated(
            index,
            ("launch_noise", AxisValue.Of(noise)),
            ("noise", AxisValue.Of(0.0)),
            ("cost_us", AxisValue.Of(microseconds))
        );

    private async Task<IEnumerable<int>> NumbersAsync(SqliteResultStore store, int cell) =>
        (await store.LaunchesAsync(Records.Sweep().Id, Made(cell, 0).Id, CancellationToken.None)).Select(l => l.Number);

    private async Task RunAsync(
        IReadOnlyList<Cell> before,
        IReadOnlyList<Cell> after,
        double target,
        Action<int>? onPair = null,
        CancellationTokenSource? kill = null,
        Fingerprint? environment = null
    )
    {
        var run = new AlternatingRun(
            Side(first, before, environment ?? await EnvironmentAsync(1), seed: 1),
            Side(second, after, environment ?? await EnvironmentAsync(2), seed: 2),
            Cells.Measure,
            target,
            TimeProvider.System,
            NullLoggerFactory.Instance
        )
        {
            OnPair = (pair, look, cells) =>
            {
                pairs.Add((pair, look, cells));
                onPair?.Invoke(pair);
            },
            LockFolder = folder.File("locks"),
        };
        await run.RunAsync(Device, CancellationToken.None, kill?.Token ?? CancellationToken.None);
    }

    private static AlternatingSide Side(
        SqliteResultStore store,
        IReadOnlyList<Cell> cells,
        Fingerprint environment,
        ulong seed
    )
    {
        var backend = SimulatedBackend.Describe([]);
        return new AlternatingSide(
            Records.Sweep() with
            {
                Seed = seed,
            },
            store,
            new SimulatedWorkerFactory(backend, new VirtualClock()),
            new VariantCatalog([backend]),
            cells,
            environment
        );
    }

    /// <summary>What launches here are measured in: that of a run made for it.</summary>
    private async Task<Fingerprint> EnvironmentAsync(ulong seed)
    {
        await using var bench = new LocalBench { Devices = [Device] };
        await bench.RunAsync([Made(0, 0)]);
        var found = (await bench.Store.FingerprintsAsync(bench.Sweep, CancellationToken.None)).Single();
        var entries = new Dictionary<string, string>(found.Entries, StringComparer.Ordinal) { ["seed"] = $"{seed}" };
        return FingerprintHash.Named(entries);
    }
}
