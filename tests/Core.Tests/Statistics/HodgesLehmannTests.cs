using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

/// <summary>Expectations are published, or were computed with exact fractions by an independent Python program; each says which.</summary>
public class HodgesLehmannTests
{
    // Hamilton depression scale factor IV, second minus first visit: Hollander & Wolfe, Nonparametric Statistical
    // Methods, table 3.1; also R's ?wilcox.test.
    private static readonly double[] Depression =
    [
        0.878 - 1.83,
        0.647 - 0.50,
        0.598 - 1.62,
        2.05 - 2.48,
        1.06 - 1.68,
        1.29 - 1.88,
        1.06 - 1.55,
        3.14 - 3.06,
        1.29 - 1.30,
    ];

    // Extra hours of sleep, drug 2 minus drug 1: Student 1908 (R's `sleep`).
    private static readonly double[] Sleep = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4];

    // Cross- minus self-fertilised maize, eighths of an inch: Darwin 1876, as in Fisher 1935.
    private static readonly double[] Darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    [Fact]
    public void DepressionDataGiveThePublishedEstimateAndInterval()
    {
        // Published: Hollander & Wolfe 1999, examples 3.3 and 3.4: −0.46, (−0.786, −0.010).
        var estimate = HodgesLehmann.Estimate(Depression);
        estimate.Value.ShouldBe(-0.46, 1e-12);
        estimate.Low.ShouldBe(-0.786, 1e-12);
        estimate.High.ShouldBe(-0.010, 1e-12);
        estimate.Launches.ShouldBe(9);
    }

    [Fact]
    public void SleepDataGiveTheExactEstimateAndInterval()
    {
        // Python, exact fractions.
        var estimate = HodgesLehmann.Estimate(Sleep);
        estimate.Value.ShouldBe(1.3, 1e-12);
        estimate.Low.ShouldBe(0.9, 1e-12);
        estimate.High.ShouldBe(2.7, 1e-12);
    }

    [Fact]
    public void DarwinsMaizeGivesTheExactEstimateAndInterval() =>
        // Python, exact fractions.
        HodgesLehmann.Estimate(Darwin).ShouldBe(new Interval(25, 4, 41.5, 15));

    [Fact]
    public void OrderDoesNotMatterAndShiftsShift()
    {
        double[] backwards = [.. Darwin.Reverse().Select(x => x + 100)];
        HodgesLehmann.Estimate(backwards).ShouldBe(new Interval(125, 104, 141.5, 15));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void FewerThanSixValuesHaveNoInterval(int n)
    {
        var logs = Enumerable.Repeat(Math.Log(2), n).ToArray();
        var estimate = HodgesLehmann.EstimateFromLogs(logs);
        estimate.Value.ShouldBe(2, 1e-12);
        (estimate.Low, estimate.High, estimate.Launches).ShouldBe((0, double.PositiveInfinity, n));
    }

    // By hand: 1, 1.5, 2, 2.5, 3, 4, 4.5, 5, 6, 8, [8.5], 9, 10, 12, 16, 16.5, 17, 18, 20, 24, 32.
    [Fact]
    public void SixValuesReachFromTheLeastToTheGreatest() =>
        HodgesLehmann.Estimate([1, 2, 4, 8, 16, 32]).ShouldBe(new Interval(8.5, 1, 32, 6));

    [Fact]
    public void SwappingBothSidesInvertsARatio()
    {
        double[] logs = [0.1, -0.02, 0.3, 0.07, 0.11, 0.05, 0.21];
        var one = HodgesLehmann.EstimateFromLogs(logs);
        var other = HodgesLehmann.EstimateFromLogs([.. logs.Select(l => -l)]);
        other.Value.ShouldBe(1 / one.Value, 1e-12);
        other.Low.ShouldBe(1 / one.High, 1e-12);
        other.High.ShouldBe(1 / one.Low, 1e-12);
    }

    [Fact]
    public void NoValuesAndValuesThatAreNoNumbersAreRefused()
    {
        Should.Throw<ArgumentException>(() => HodgesLehmann.Estimate([]));
        Should.Throw<ArgumentException>(() => HodgesLehmann.Estimate([1, double.NaN]));
        Should.Throw<ArgumentException>(() => HodgesLehmann.Estimate([double.NegativeInfinity]));
    }

    [Theory]
    // Published: the 5% two-sided critical values of the signed-rank statistic (McCornack 1965,
    // J. Amer. Statist. Assoc. 60, 864-871), here plus one; for n < 6 there is none.
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 0 + 1)]
    [InlineData(7, 2 + 1)]
    [InlineData(8, 3 + 1)]
    [InlineData(9, 5 + 1)]
    [InlineData(10, 8 + 1)]
    [InlineData(12, 13 + 1)]
    [InlineData(15, 25 + 1)]
    [InlineData(20, 52 + 1)]
    [InlineData(24, 81 + 1)]
    [InlineData(25, 89 + 1)]
    [InlineData(30, 137 + 1)]
    [InlineData(40, 264 + 1)]
    [InlineData(50, 434 + 1)]
    // Python, exact whole numbers; the approximation may be one less, which widens the interval.
    [InlineData(51, 454)]
    [InlineData(60, 649)]
    [InlineData(75, 1054)]
    [InlineData(100, 1956 - 1)]
    public void TheIntervalsPlaceIsTheTabulatedOne(int n, int place) => SignedRank.IntervalPlace(n).ShouldBe(place);

    [Fact]
    public void IntervalsOfTwelveSymmetricValuesCoverTheTruthAsOftenAsTheyPromise()
    {
        // The exact coverage for n = 12 is 1 − 2·P(W+ ≤ 13) = 0.95752; 4,000 draws have a standard deviation of 0.0032.
        var random = new SeededRandom(11);
        var covered = 0;
        var values = new double[12];
        for (var draw = 0; draw < 4000; draw++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.NextNormal();
            }

            var estimate = HodgesLehmann.Estimate(values);
            covered += estimate.Low <= 0 && estimate.High >= 0 ? 1 : 0;
        }

        (covered / 4000.0).ShouldBeInRange(0.9575 - 0.0128, 0.9575 + 0.0128);
    }
}
