using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores;

namespace Layerbench.Bench;

/// <summary>Fills stores with what a real run leaves: two variants, six launches a cell, canaries.</summary>
internal static class MadeStores
{
    private const int Launches = 6;
    private const int Together = 500;
    private const int SliceCells = 16;

    private static readonly DateTimeOffset start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Fingerprint environment = new(
        new FingerprintId("bench"),
        new Dictionary<string, string> { ["device_model"] = "made" }
    );

    /// <param name="blocks">Of a launch, with a sample of either variant each.</param>
    public static async Task<SweepRecord> FillAsync(SqliteResultStore store, int cells, int blocks)
    {
        var sweep = new SweepRecord(
            new SweepId("made-1"),
            "made",
            "name: made\naxes:\n  batch: [1]\n  d_model: [64]\n",
            1,
            start,
            "bench"
        );
        await store.SaveSweepAsync(sweep);
        foreach (var some in Enumerable.Range(0, cells).Chunk(Together))
        {
            await store.AcceptAsync(
                new LaunchBatch(
                    sweep.Id,
                    environment,
                    [.. some.SelectMany(cell => Enumerable.Range(0, Launches).Select(n => Launch(cell, n, blocks)))]
                )
            );
            await store.RecordCanariesAsync(sweep.Id, environment, [.. Canaries(some)]);
            await store.FinishAsync(sweep.Id, [.. some.Select(Result)]);
        }

        return sweep;
    }

    /// <summary>Of slices of sixteen cells, at both ends of each launch.</summary>
    private static IEnumerable<CanaryRecord> Canaries(int[] cells) =>
        from first in cells.Where(c => c % SliceCells == 0)
        from number in Enumerable.Range(0, Launches)
        from place in Enum.GetValues<CanaryPlace>()
        let launch = start.AddSeconds(first + 0.1 * number)
        let random = new Random(first * Launches + number)
        select new CanaryRecord(
            new DeviceId("cpu"),
            environment.Id,
            launch,
            launch.AddMilliseconds(50 * (int)place),
            place,
            1e11 * (1 + 0.01 * random.NextDouble()),
            2e10
        );

    private static CellId Id(int cell) => new(cell.ToString("x16", CultureInfo.InvariantCulture));

    private static CellResult Result(int cell) =>
        new(
            cell,
            Id(cell),
            new OrderedDictionary<string, AxisValue>
            {
                ["pass"] = AxisValue.Of("forward"),
                ["dtype"] = AxisValue.Of("float32"),
                ["batch"] = AxisValue.Of(1 + cell % 100),
                ["d_model"] = AxisValue.Of(64 * (1 + cell / 100)),
            },
            ["ffn.dense", "ffn.conv1d"],
            "ffn.dense",
            new Outcome.Completed(),
            new DeviceId("cpu"),
            start.AddSeconds(cell)
        );

    private static LaunchRecord Launch(int cell, int number, int blocks)
    {
        var random = new Random(cell * Launches + number);
        return new(
            Id(cell),
            LaunchKind.Time,
            number,
            1,
            new DeviceId("cpu"),
            environment.Id,
            start.AddSeconds(cell + 0.1 * number),
            0,
            1,
            TimeSpan.FromSeconds(1),
            new PhaseTimes(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Steady: true,
            [
                new VariantFacts("ffn.dense", 1000, 1e-7, 1e-7, 1e-5, 1e6, 1e6),
                new VariantFacts("ffn.conv1d", 1000, 1e-7, 1e-7, 1e-5, 1e6, 1e6),
            ],
            [
                .. Enumerable
                    .Range(0, 2 * blocks)
                    .Select(i => new Sample(
                        i % 2,
                        i / 2,
                        i % 2,
                        1,
                        (long)((1 + i % 2 * (cell % 7 - 3) * 0.1) * 1_000_000 * (1 + 0.01 * random.NextDouble())),
                        1_000_000,
                        null,
                        0,
                        0
                    )),
            ],
            []
        );
    }
}
