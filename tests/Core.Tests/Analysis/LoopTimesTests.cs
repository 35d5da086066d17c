using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis;

public class LoopTimesTests
{
    private static readonly double[] Runs = [14.8e9, 14.6e9, 15e9, 14.7e9, 14.9e9, 15.1e9, 14.5e9];

    private static LaunchRecord Launch(int number, params double[] nanoseconds) =>
        Launches.Of(number, [.. nanoseconds.Select((n, block) => Launches.Sample(0, block, n))]);

    [Fact]
    public void SevenRunsHaveTheirMeanAndPopulationDeviation()
    {
        var times = LoopTimes.Of(["base"], [Launch(0, Runs)]).ShouldHaveSingleItem();

        times.Label.ShouldBe("base");
        (times.Launch, times.Launches, times.Runs, times.Loops).ShouldBe((0, 1, 7, 1));
        times.MeanSeconds.ShouldBe(14.8, 1e-12);
        times.DeviationSeconds.ShouldBe(0.2, 1e-12); // statistics.pstdev; the sample's deviation would be 0.216
    }

    [Fact]
    public void UpToThreeLaunchesAreToldOneByOneInTheirOrder() =>
        LoopTimes
            .Of(["base"], [Launch(2, 3e9), Launch(0, 1e9), Launch(1, 2e9)])
            .Select(t => (t.Launch, t.MeanSeconds, t.Launches))
            .ShouldBe([(0, 1, 3), (1, 2, 3), (2, 3, 3)]);

    [Fact]
    public void OfMoreLaunchesTheOneWithTheMiddleMeanIsToldTheLowerOfTwo() =>
        LoopTimes
            .Of(["base"], [Launch(0, 9e9), Launch(1, 2e9), Launch(2, 1e9), Launch(3, 7e9)])
            .Select(t => (t.Launch, t.MeanSeconds, t.Launches))
            .ShouldBe([(1, 2, 4)]);

    [Fact]
    public void TimesAreOfOneIterationByTheWallClock()
    {
        var sample = new Sample(0, 0, 0, 4, 8_000_000_000, 1, 4_000_000_000, 0, 0);

        var times = LoopTimes.Of(["base"], [Launches.Of(0, sample)]).ShouldHaveSingleItem();

        (times.MeanSeconds, times.DeviationSeconds, times.Runs, times.Loops).ShouldBe((2, 0, 1, 4));
    }

    [Fact]
    public void ARunThatWasSetAsideCountsAndOneThatIsNoTimeDoesNot()
    {
        var launch = Launches.Of(
            0,
            Launches.Sample(0, 0, 1e9) with
            {
                Accepted = false,
                Reason = "preempted",
            },
            Launches.Sample(0, 1, 3e9),
            Launches.Sample(0, 2, 0)
        );

        var times = LoopTimes.Of(["base"], [launch]).ShouldHaveSingleItem();

        (times.MeanSeconds, times.DeviationSeconds, times.Runs).ShouldBe((2, 1, 2));
    }

    [Fact]
    public void AVariantThatWasNotTimedIsNotTold() =>
        LoopTimes
            .Of(["base", "other"], [Launch(0, 1e9), Launch(1, 1e9) with { Kind = LaunchKind.Memory }])
            .Select(t => (t.Label, t.Launches))
            .ShouldBe([("base", 1)]);
}
