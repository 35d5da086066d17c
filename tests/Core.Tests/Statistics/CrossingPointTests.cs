using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class CrossingPointTests
{
    private static (double, Interval) At(double x, double value, double low, double high) =>
        (x, new Interval(value, low, high, 12));

    private static (double, Interval) At(double x, double value, double half) =>
        At(x, value, value - half, value + half);

    [Fact]
    public void TheCrossingIsInterpolatedOnTheLogAxis()
    {
        var crossing = CrossingPoint.Find([At(64, 1, 0.5), At(256, -1, 0.5)]).ShouldHaveSingleItem();
        crossing.At.ShouldBe(128, 1e-9);
        crossing.Falls.ShouldBeTrue();
        // The lower end goes from 0.5 to -1.5 and is 0 after a quarter of the way, the upper after three quarters.
        crossing.Low.ShouldBe(64 * Math.Pow(4, 0.25), 1e-9);
        crossing.High.ShouldBe(64 * Math.Pow(4, 0.75), 1e-9);
    }

    [Fact]
    public void ARatioThatRisesCrossesToo()
    {
        var crossing = CrossingPoint.Find([At(64, -1, 0.5), At(256, 3, 0.5)]).ShouldHaveSingleItem();
        crossing.Falls.ShouldBeFalse();
        crossing.At.ShouldBe(64 * Math.Pow(4, 0.25), 1e-9);
        crossing.Low.ShouldBe(64 * Math.Pow(4, 0.125), 1e-9);
        crossing.High.ShouldBe(64 * Math.Pow(4, 0.375), 1e-9);
    }

    [Fact]
    public void UndecidedPlacesWidenTheIntervalOverThemselves()
    {
        var crossing = CrossingPoint
            .Find([At(10, 1, 0.5), At(100, 0.25, 0.5), At(1000, -1, 0.5)])
            .ShouldHaveSingleItem();
        crossing.At.ShouldBe(100 * Math.Pow(10, 0.2), 1e-9);
        crossing.Low.ShouldBe(10 * Math.Pow(10, 0.5 / 0.75), 1e-9);
        crossing.High.ShouldBe(100 * Math.Pow(10, 0.75 / 1.25), 1e-9);
    }

    [Fact]
    public void APlaceWithoutAnIntervalLeavesTheCrossingAnywhereBesideIt()
    {
        var crossing = CrossingPoint
            .Find([At(10, 1, 0.5), At(100, 0.25, double.NegativeInfinity, double.PositiveInfinity), At(1000, -1, 0.5)])
            .ShouldHaveSingleItem();
        crossing.Low.ShouldBe(10, 1e-9);
        crossing.High.ShouldBe(1000, 1e-9);
    }

    [Fact]
    public void NothingIsClaimedWhereOneSideIsUndecided() =>
        CrossingPoint.Find([At(64, 1, 0.5), At(128, 0.1, 0.5), At(256, -0.4, 0.5)]).ShouldBeEmpty();

    [Fact]
    public void AnIntervalThatEndsAtOneIsUndecided() =>
        CrossingPoint.Find([At(64, 1, 0.5), At(256, -0.5, 0.5)]).ShouldBeEmpty();

    [Fact]
    public void ThereAndBackAreTwoCrossings() =>
        CrossingPoint.Find([At(1, 1, 0.5), At(2, -1, 0.5), At(4, 1, 0.5)]).Select(c => c.Falls).ShouldBe([true, false]);
}
