using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class QuantilesTests
{
    // Python, exact fractions, by the definition of type 7; R's quantile(c(4,1,3,2), p) is the same by its manual.
    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(0.1, 1.3)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.75, 3.25)]
    [InlineData(0.9, 3.7)]
    [InlineData(1, 4.0)]
    public void QuantilesOfOneToFourAreThoseOfType7(double probability, double expected) =>
        Quantiles.Type7([4, 1, 3, 2], probability).ShouldBe(expected, 1e-12);

    [Fact]
    public void QuartilesOfTheSleepDataAreExact()
    {
        // Student 1908; Python, exact fractions.
        double[] sleep = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4];
        Quantiles.Type7(sleep, 0.25).ShouldBe(1.05, 1e-12);
        Quantiles.Median(sleep).ShouldBe(1.3, 1e-12);
        Quantiles.Type7(sleep, 0.75).ShouldBe(1.7, 1e-12);
        sleep[0].ShouldBe(1.2);
    }

    [Fact]
    public void TheMedianOfOneValueIsThatValue() => Quantiles.Median([7]).ShouldBe(7);

    [Fact]
    public void NothingAndNaNHaveNoMedian()
    {
        Should.Throw<ArgumentException>(() => Quantiles.Median([]));
        Should.Throw<ArgumentException>(() => Quantiles.Median([1, double.NaN]));
        Should.Throw<ArgumentOutOfRangeException>(() => Quantiles.Type7([1], 1.01));
        Should.Throw<ArgumentOutOfRangeException>(() => Quantiles.Type7([1], double.NaN));
    }
}
