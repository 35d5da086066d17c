using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class ShiftTests
{
    [Fact]
    public void TheShiftIsTheMedianOfAllDifferences()
    {
        var (value, low, high, launches) = Shift.Estimate([1, 2, 4], [11, 13, 16]);
        // Differences: 7 9 9 10 11 12 12 14 15.
        (value, low, high, launches).ShouldBe((11, double.NegativeInfinity, double.PositiveInfinity, 3));
    }

    [Theory]
    // Published two-sided 5% critical values of Mann and Whitney's U, plus 1.
    [InlineData(3, 3, 0)]
    [InlineData(4, 4, 1)]
    [InlineData(5, 5, 3)]
    [InlineData(6, 6, 6)]
    [InlineData(8, 6, 9)]
    [InlineData(10, 10, 24)]
    [InlineData(20, 20, 128)]
    public void ThePlaceIsThatOfTheTables(int n, int m, int place)
    {
        Shift.Place(n, m).ShouldBe(place);
        Shift.Place(m, n).ShouldBe(place);
    }

    [Fact]
    public void WelchsPIsThatOfThePublishedExample()
    {
        // Equal spreads and sizes: t = 2/sqrt(2.5/5 + 2.5/5) = 2 with 8 degrees of freedom, p = 0.0805 (tables of t).
        Shift.WelchP([1, 2, 3, 4, 5], [3, 4, 5, 6, 7]).ShouldBe(0.0805, 5e-5);
        // Half of the shift allowed: t = 1, p = 0.3466.
        Shift.WelchP([1, 2, 3, 4, 5], [3, 4, 5, 6, 7], allowed: 1).ShouldBe(0.3466, 5e-5);
        Shift.WelchP([1, 2, 3, 4, 5], [3, 4, 5, 6, 7], allowed: 3).ShouldBe(1, 1e-12);
        Shift.WelchP([1], [2, 3]).ShouldBe(double.NaN);
        Shift.WelchP([1, 1], [2, 2]).ShouldBe(double.NaN);
    }

    [Fact]
    public void NothingHasNoShift() => Shift.Estimate([], [1]).Value.ShouldBe(double.NaN);
}
