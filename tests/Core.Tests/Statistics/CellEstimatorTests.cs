using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class CellEstimatorTests
{
    private static readonly string[] Labels = ["dense", "conv"];

    [Fact]
    public void TheRatioIsPairedWithinBlocksSoThatDriftCancels()
    {
        // The machine slows down eightfold over four blocks; conv takes twice as long in each of them.
        var launch = Time(
            0,
            [(0, 0, 100), (1, 0, 200), (0, 1, 200), (1, 1, 400), (0, 2, 400), (1, 2, 800), (0, 3, 800), (1, 3, 1600)]
        );

        var estimate = CellEstimator.Estimate(Labels, "dense", [launch]);

        estimate.Variants[0].Ratio.ShouldBeNull();
        var ratio = estimate.Variants[1].Ratio!.Value;
        ratio.Value.ShouldBe(2, 1e-12);
        (ratio.Low, ratio.High, ratio.Launches).ShouldBe((0, double.PositiveInfinity, 1));
        // The median of 100, 200, 400, 800 ns on the log scale.
        estimate.Variants[0].Seconds.Value.ShouldBe(Math.Sqrt(200.0 * 400) * 1e-9, 1e-21);
    }

    [Fact]
    public void OverLaunchesTheRatioIsHodgesLehmannOfTheLaunchesWithItsInterval()
    {
        // Ratios 2^(1/8), 2^(2/8), …: in units of log2(·)·8 the values 1, 2, 4, 8, 16, 32, whose location is 8.5 and
        // whose interval for n = 6 is the range (Walsh averages by hand).
        var launches = new[] { 1, 2, 4, 8, 16, 32 }
            .Select(
                (power, number) => Time(number, [(0, 0, 1_000_000_000), (1, 0, (long)(1e9 * Math.Pow(2, power / 8.0)))])
            )
            .ToList();

        var ratio = CellEstimator.Estimate(Labels, "dense", launches).Variants[1].Ratio!.Value;

        ratio.Value.ShouldBe(Math.Pow(2, 8.5 / 8), 1e-8);
        ratio.Low.ShouldBe(Math.Pow(2, 1 / 8.0), 1e-8);
        ratio.High.ShouldBe(16, 1e-7);
        ratio.Launches.ShouldBe(6);
    }

    [Fact]
    public void TheOrderOfLaunchesAndSamplesDoesNotMatter()
    {
        var random = new SeededRandom(3);
        var launches = Enumerable
            .Range(0, 8)
            .Select(n => Time(n, [.. Enumerable.Range(0, 20).SelectMany(b => Pair(b, random))]))
            .Append(Memory(0, 5, 7))
            .Append(Memory(1, 4, 9))
            .ToArray();
        var straight = CellEstimator.Estimate(Labels, "dense", launches);

        LaunchRecord[] shuffled =
        [
            .. launches
                .Reverse()
                .Select(l => l with { Samples = [.. l.Samples.Reverse()], Memory = [.. l.Memory.Reverse()] }),
        ];

        var other = CellEstimator.Estimate(Labels, "dense", shuffled);
        other.Variants.ShouldBe(straight.Variants);
        (other.TimeLaunches, other.MemoryLaunches, other.Steady).ShouldBe((8, 2, true));

        static IEnumerable<(int, int, long)> Pair(int block, SeededRandom random) =>
            [(0, block, 1000 + random.NextInt64(100)), (1, block, 1100 + random.NextInt64(100))];
    }

    [Fact]
    public void BlocksWhereOneSampleIsNotAcceptedDoNotCountForTheRatio()
    {
        var launch = Time(0, [(0, 0, 100), (1, 0, 200), (0, 1, 100), (1, 1, 900), (0, 2, 100), (1, 2, 900)]);
        launch = launch with
        {
            Samples =
            [
                .. launch.Samples.Select(s =>
                    s is { Variant: 0, Block: > 0 } ? s with { Accepted = false, Reason = "preempted" } : s
                ),
            ],
        };

        var estimate = CellEstimator.Estimate(Labels, "dense", [launch]);

        estimate.Variants[1].Ratio!.Value.Value.ShouldBe(2, 1e-12);
        estimate.Variants[0].Accepted.ShouldBe(1.0 / 3, 1e-12);
        estimate.Variants[1].Accepted.ShouldBe(1);
    }

    [Fact]
    public void TimesThatAreNoTimesNeverReachALog()
    {
        var launch = Time(0, [(0, 0, 100), (1, 0, 0), (0, 1, 100), (1, 1, -5), (0, 2, 100), (1, 2, 300)]);
        launch = launch with
        {
            Samples = [.. launch.Samples, Sample(1, 3, 100) with { Iterations = 0 }, Sample(0, 3, 100)],
        };

        var estimate = CellEstimator.Estimate(Labels, "dense", [launch]);

        estimate.Variants[1].Ratio!.Value.Value.ShouldBe(3, 1e-12);
        estimate.Variants[1].Accepted.ShouldBe(0.25);
        SampleScreen.Screen(Sample(1, 0, 0)).Reason.ShouldBe("0 ns is no positive time");
        SampleScreen.Screen(Sample(1, 0, -5)).Reason.ShouldBe("-5 ns is no positive time");
        SampleScreen.Screen(Sample(1, 0, 5) with { Iterations = 0 }).Reason.ShouldBe("0 iterations are no sample");
        SampleScreen.Screen(Sample(1, 0, 5) with { DeviceNanoseconds = 0 }).Accepted.ShouldBeFalse();
        SampleScreen.Screen(Sample(1, 0, 5)).ShouldBe(Sample(1, 0, 5));
        var before = Sample(1, 0, 0) with { Accepted = false, Reason = "throttled" };
        SampleScreen.Screen(before).ShouldBe(before);
    }

    [Fact]
    public void ALaunchWithoutAVariantCountsForTheOthersOnly()
    {
        var estimate = CellEstimator.Estimate(
            Labels,
            "dense",
            [Time(0, [(0, 0, 100), (1, 0, 200)]), Time(1, [(0, 0, 100)])]
        );

        estimate.TimeLaunches.ShouldBe(2);
        estimate.Variants[0].Seconds.Launches.ShouldBe(2);
        estimate.Variants[1].Seconds.Launches.ShouldBe(1);
        estimate.Variants[1].Ratio!.Value.Launches.ShouldBe(1);
    }

    [Fact]
    public void WithoutLaunchesThereIsNoValueAndNoBound()
    {
        var estimate = CellEstimator.Estimate(Labels, "dense", []);

        estimate.Variants[1].Ratio.ShouldBe(new Interval(double.NaN, 0, double.PositiveInfinity, 0));
        estimate.Variants[0].PeakBytes.ShouldBeNull();
        estimate.Variants[0].Accepted.ShouldBe(0);
    }

    [Fact]
    public void PeakBytesAreTheMedianWithTheRangeOverMemoryLaunches()
    {
        var estimate = CellEstimator.Estimate(
            Labels,
            "dense",
            [Memory(2, 700, 90), Memory(0, 500, 70), Memory(1, 650, 80)]
        );

        estimate.Variants[0].PeakBytes.ShouldBe(new Interval(650, 500, 700, 3));
        estimate.Variants[1].PeakBytes.ShouldBe(new Interval(80, 70, 90, 3));
        (estimate.TimeLaunches, estimate.MemoryLaunches).ShouldBe((0, 3));
    }

    [Fact]
    public void DeviceTimeIsTakenWhereThereIsOneAndAllIterationsShareIt()
    {
        var launch = Time(0, []) with
        {
            Samples =
            [
                Sample(0, 0, 999) with
                {
                    DeviceNanoseconds = 100,
                    Iterations = 10,
                },
                Sample(1, 0, 999) with
                {
                    DeviceNanoseconds = 150,
                    Iterations = 5,
                },
            ],
        };

        var estimate = CellEstimator.Estimate(Labels, "dense", [launch]);

        estimate.Variants[0].Seconds.Value.ShouldBe(1e-8, 1e-20);
        estimate.Variants[1].Ratio!.Value.Value.ShouldBe(3, 1e-12);
    }

    [Fact]
    public void OneUnsteadyLaunchMakesTheCellUnsteady()
    {
        LaunchRecord[] launches =
        [
            Time(0, [(0, 0, 1), (1, 0, 1)]),
            Time(1, [(0, 0, 1), (1, 0, 1)]) with
            {
                Steady = false,
            },
        ];
        CellEstimator.Estimate(Labels, "dense", launches).Steady.ShouldBeFalse();
    }

    [Fact]
    public void WhatMustNeverBeMixedIsRefused()
    {
        var launch = Time(0, [(0, 0, 1), (1, 0, 1)]);
        Refused([launch, Time(1, []) with { Fingerprint = new FingerprintId("other") }], "never mixed");
        Refused([launch, launch], "there twice");
        Refused([launch, Time(1, []) with { Cell = new CellId("other") }], "no one cell's");
        Refused([Time(0, [(2, 0, 1)])], "none of the 2 variants");
        Refused([Time(0, [(0, 0, 1), (0, 0, 2)])], "the second there");
        Should
            .Throw<ArgumentException>(() => CellEstimator.Estimate(Labels, "conv2d", []))
            .Message.ShouldStartWith("The baseline 'conv2d' is none of the labels dense, conv.");
        // Memory launches run under another allocator, so under another fingerprint than the time launches.
        CellEstimator
            .Estimate(Labels, "dense", [launch, Memory(0, 1, 1) with { Fingerprint = new FingerprintId("glibc") }])
            .MemoryLaunches.ShouldBe(1);

        static void Refused(LaunchRecord[] launches, string why) =>
            Should
                .Throw<ArgumentException>(() => CellEstimator.Estimate(Labels, "dense", launches))
                .Message.ShouldContain(why);
    }

    private static Sample Sample(int variant, int block, long wall) =>
        new(variant, block, variant, 1, wall, wall, null, 0, 0);

    private static LaunchRecord Time(int number, IReadOnlyList<(int Variant, int Block, long Wall)> samples) =>
        Record(LaunchKind.Time, number) with
        {
            Samples = [.. samples.Select(s => Sample(s.Variant, s.Block, s.Wall))],
        };

    private static LaunchRecord Memory(int number, params long[] peaks) =>
        Record(LaunchKind.Memory, number) with
        {
            Memory = [.. peaks.Select((bytes, variant) => new MemoryPeak(variant, bytes, "vmhwm"))],
        };

    private static LaunchRecord Record(LaunchKind kind, int number) =>
        new(
            new CellId("cell"),
            kind,
            number,
            1,
            new DeviceId("cpu"),
            new FingerprintId("here"),
            DateTimeOffset.UnixEpoch,
            0,
            1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            true,
            [],
            [],
            []
        );
}
