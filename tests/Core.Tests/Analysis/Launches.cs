using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis;

/// <summary>Stored launches made by hand.</summary>
internal static class Launches
{
    public static readonly string[] Labels = ["base", "other"];

    /// <summary>Launches of 10 blocks, the second variant <paramref name="ratio"/> times the first, with seeded noise.</summary>
    public static LaunchRecord[] Of(int count, double ratio, double noise = 0.005, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(number =>
                {
                    var drift = Math.Exp(noise * random.NextNormal());
                    return Of(
                        number,
                        [
                            .. Enumerable
                                .Range(0, 10)
                                .SelectMany(block =>
                                    new[]
                                    {
                                        Sample(0, block, 1e6 * Math.Exp(noise * random.NextNormal())),
                                        Sample(1, block, 1e6 * ratio * drift * Math.Exp(noise * random.NextNormal())),
                                    }
                                ),
                        ]
                    );
                }),
        ];
    }

    public static LaunchRecord Of(int number, params Sample[] samples) =>
        new(
            new CellId("c"),
            LaunchKind.Time,
            number,
            1,
            new DeviceId("cpu"),
            new FingerprintId("f"),
            DateTimeOffset.UnixEpoch,
            0,
            1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            Steady: true,
            [],
            samples,
            []
        );

    public static Sample Sample(int variant, int block, double nanoseconds, long switches = 0, long pressure = 0) =>
        new(variant, block, variant, 1, (long)nanoseconds, (long)nanoseconds, null, switches, pressure);

    public static CellResult Cell(long index, params string[] labels) =>
        new(
            index,
            new CellId($"c{index}"),
            new Dictionary<string, AxisValue>(),
            labels.Length == 0 ? Labels : labels,
            "base",
            new Outcome.Completed(),
            null,
            DateTimeOffset.UnixEpoch
        );
}
