using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class PowerLawTests
{
    private static (double X, double Y)[] Line(double constant, double exponent, params double[] places) =>
        [.. places.Select(x => (Math.Log(x), Math.Log(constant * Math.Pow(x, exponent))))];

    [Fact]
    public void AnExactPowerLawGivesItsExponentAndNoMisfit()
    {
        var line = Line(3, 1.75, 1, 2, 8, 64);
        PowerLaw.Exponent([line]).ShouldBe(1.75, 1e-12);
        PowerLaw.Misfit([line], 1.75).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void LinesMayHaveConstantsOfTheirOwn() =>
        PowerLaw.Exponent([Line(3, 2, 1, 2, 4), Line(500, 2, 16, 32, 64)]).ShouldBe(2, 1e-12);

    // By hand: x is -1, 0, 1 and y 0, 1, 5 on the log scale, so the slope is (5 - 0)/2.
    [Fact]
    public void LeastSquaresIsTakenOverAllPoints() =>
        PowerLaw
            .Exponent([
                [(-1, 0), (0, 1), (1, 5)],
            ])
            .ShouldBe(2.5, 1e-12);

    // The fit above is -0.5, 2, 4.5 about the middle 2: the farthest point is 1 below.
    [Fact]
    public void TheMisfitIsThatOfTheFarthestPoint() =>
        PowerLaw
            .Misfit(
                [
                    [(-1, 0), (0, 1), (1, 5)],
                ],
                2.5
            )
            .ShouldBe(Math.E - 1, 1e-12);

    // Weighted by (x - middle)²: 2 for the first line, 8 for the second.
    [Fact]
    public void ALongLineCountsMoreThanAShortOne() =>
        PowerLaw
            .Exponent([
                [(0, 0), (2, 2)],
                [(0, 0), (4, 8)],
            ])
            .ShouldBe((2 + 16) / 10.0, 1e-12);

    [Fact]
    public void WithoutTwoPlacesThereIsNoExponent() =>
        double.IsNaN(
                PowerLaw.Exponent([
                    [(0, 1)],
                    [(2, 3), (2, 4)],
                ])
            )
            .ShouldBeTrue();
}
