using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class CostModelTests
{
    private static readonly CostKey Ffn = new("cpu", "forward", "ffn");
    private static readonly CostKey Mix = new("cpu", "forward", "mix");
    private static readonly LaunchShape Shape = new(
        20,
        2,
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromSeconds(2)
    );

    [Fact]
    public void ABlockIsBoundByArithmeticOrByTrafficWhicheverTakesLonger()
    {
        var rates = new DeviceRates(100, 10, 0.5);
        rates.BlockSeconds(new CellCost(200, 10, 0)).ShouldBe(2.5);
        rates.BlockSeconds(new CellCost(200, 70, 0)).ShouldBe(7.5);
    }

    [Fact]
    public void ALaunchWarmsUpAndThenTakesItsBlocks()
    {
        // A tiny block: the warm-up's minimum, then 20 blocks of two 1 ms samples.
        Shape.Seconds(1e-6).ShouldBe(0.2 + 20 * 0.002, 1e-12);
        // Ten warm-up blocks of 50 ms, and 20 timed ones.
        Shape.Seconds(0.05).ShouldBe(0.5 + 1.0, 1e-12);
        // The cap of 2 s, and 20 blocks of 1 s.
        Shape.Seconds(1).ShouldBe(2 + 20.0, 1e-12);
        // At least one whole block, whatever the cap.
        Shape.Seconds(10).ShouldBe(10 + 200.0, 1e-12);
    }

    [Fact]
    public void WhatWasSeenCorrectsThePriorByItsMedian()
    {
        var model = new CostModel();
        var cost = new CellCost(5e11, 0, 0);
        var prior = model.Predict(Ffn, cost, Shape);
        foreach (var ratio in new[] { 3, 3, 3, 3, 1000.0 })
        {
            model.Learn(Ffn, cost, Shape, prior * ratio);
        }

        model.Predict(Ffn, cost, Shape).ShouldBe(3 * prior, prior * 1e-9);
    }

    [Fact]
    public void AFamilyNotSeenYetIsCorrectedByItsDeviceKind()
    {
        var model = new CostModel();
        var cost = new CellCost(5e11, 0, 0);
        var prior = model.Predict(Mix, cost, Shape);
        model.Learn(Ffn, cost, Shape, prior * 2);

        model.Predict(Mix, cost, Shape).ShouldBe(2 * prior, prior * 1e-9);
        // Another kind of device learns nothing from it.
        var cuda = new CostKey("cuda", "forward", "ffn");
        model.Predict(cuda, cost, Shape).ShouldBe(new CostModel().Predict(cuda, cost, Shape));
    }

    [Fact]
    public void OnlyTheLast64CellsCount()
    {
        var model = new CostModel();
        var cost = new CellCost(5e11, 0, 0);
        var prior = model.Predict(Ffn, cost, Shape);
        for (var i = 0; i < 64 + 64; i++)
        {
            model.Learn(Ffn, cost, Shape, prior * (i < 64 ? 100 : 2));
        }

        model.Predict(Ffn, cost, Shape).ShouldBe(2 * prior, prior * 1e-9);
    }

    [Fact]
    public void KeysBeyondItsBoundLearnIntoTheKind()
    {
        var model = new CostModel();
        var cost = new CellCost(5e11, 0, 0);
        var prior = model.Predict(Ffn, cost, Shape);
        for (var i = 0; i < 1000; i++)
        {
            model.Learn(new CostKey("cpu", $"pass{i}", "ffn"), cost, Shape, prior * 4);
        }

        model.Predict(new CostKey("cpu", "pass999", "ffn"), cost, Shape).ShouldBe(4 * prior, prior * 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NoTimeTeachesNothing(double seconds) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new CostModel().Learn(Ffn, default, Shape, seconds));

    [Fact]
    public void TheEtaIsWorkLeftInTheDevicesOwnPace()
    {
        // 10 expected seconds took 30, so 40 expected will take 120, on two devices 60.
        Eta.Remaining(new SweepWork(40, 10), TimeSpan.FromSeconds(30), [], 2).ShouldBe(TimeSpan.FromSeconds(60));
        Eta.Remaining(new SweepWork(40, 0), TimeSpan.Zero, [], 2).ShouldBeNull();
        Eta.Remaining(new SweepWork(0, 10), TimeSpan.FromSeconds(30), [], 2).ShouldBe(TimeSpan.Zero);
        Eta.Remaining(new SweepWork(1e300, 1e-300), TimeSpan.FromDays(1), [], 1).ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void ASliceInFlightTellsByItsLaunchesWhatItStillTakes()
    {
        // 2 of 6 launches took 10 s: 20 s are left of it.
        var slice = new SliceInFlight(TimeSpan.FromSeconds(10), 2, 4);
        Eta.Remaining(new SweepWork(5, 0, InFlight: 5), TimeSpan.Zero, [slice], 1).ShouldBe(TimeSpan.FromSeconds(20));
        // And 30 s for 5 expected seconds, so 60 s for the 10 that nobody has yet.
        Eta.Remaining(new SweepWork(15, 0, InFlight: 5), TimeSpan.Zero, [slice], 1).ShouldBe(TimeSpan.FromSeconds(80));
        // A slice without a launch yet is counted at the pace of the other, less the time that it has had.
        var silent = new SliceInFlight(TimeSpan.FromSeconds(1), 0, 6);
        Eta.Remaining(new SweepWork(10, 0, InFlight: 10), TimeSpan.Zero, [slice, silent], 2)
            .ShouldBe(TimeSpan.FromSeconds(24.5));
        Eta.Remaining(new SweepWork(5, 0, InFlight: 5), TimeSpan.Zero, [silent], 1).ShouldBeNull();
    }

    [Theory]
    [InlineData(10, 50)]
    [InlineData(30, 30)]
    [InlineData(90, 30)]
    public void WhatASliceWillTakeGoesByUntilItIsOverdue(int elapsed, int left)
    {
        // 10 expected seconds took 30: what is in flight takes 30, and what nobody has as much again.
        var silent = new SliceInFlight(TimeSpan.FromSeconds(elapsed), 0, 0);
        Eta.Remaining(new SweepWork(20, 10, InFlight: 10), TimeSpan.FromSeconds(30), [silent], 1)
            .ShouldBe(TimeSpan.FromSeconds(left));
    }

    [Fact]
    public void ALastSliceThatIsToBeLookedAtIsNotAboutToEnd() =>
        Eta.Remaining(
                new SweepWork(5, 0, InFlight: 5),
                TimeSpan.Zero,
                [new SliceInFlight(TimeSpan.FromSeconds(10), 6, 0)],
                1
            )
            .ShouldBeNull();
}
