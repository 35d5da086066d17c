using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class VerdictTests
{
    // Closed forms of the distribution for 1 and 2 degrees of freedom.
    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(40)]
    public void StudentTAgreesWithItsClosedForms(double t)
    {
        StudentT.TwoSidedP(t, 1).ShouldBe(1 - 2 / Math.PI * Math.Atan(t), 1e-13);
        StudentT.TwoSidedP(t, 2).ShouldBe(1 - t / Math.Sqrt(2 + t * t), 1e-13);
    }

    // R 4: qt(0.975, c(5, 11, 23, 47)).
    [Theory]
    [InlineData(5, 2.570581835636314)]
    [InlineData(11, 2.200985160082949)]
    [InlineData(23, 2.068657610419041)]
    [InlineData(47, 2.011740513729766)]
    public void CriticalValuesAreThoseOfTheTables(int freedom, double expected) =>
        StudentT.Critical(0.05, freedom).ShouldBe(expected, 1e-10);

    // R 4: p.adjust(c(0.05, 0.01, 0.04, 0.02, 0.03), "BY") is 0.11416667 for all; "holm" is .09 .05 .09 .08 .09.
    [Fact]
    public void AdjustedValuesAreThoseOfR()
    {
        double[] p = [0.05, 0.01, double.NaN, 0.04, 0.02, 0.03];
        var by = FalseDiscovery.BenjaminiYekutieli(p);
        by[2].ShouldBe(double.NaN);
        by.Where(q => !double.IsNaN(q)).ShouldAllBe(q => Math.Abs(q - 0.114166666666667) < 1e-12);
        var holm = Holm.Adjust(p);
        double[] expected = [0.09, 0.05, double.NaN, 0.09, 0.08, 0.09];
        for (var i = 0; i < p.Length; i++)
        {
            (
                double.IsNaN(expected[i]) ? double.IsNaN(holm[i]) : Math.Abs(holm[i] - expected[i]) < 1e-12
            ).ShouldBeTrue();
        }
    }

    // t.test(x) in R 4 for Gosset's sleep differences: t = 4.0621, df = 9, p-value = 0.002833.
    [Fact]
    public void PValueOfTheSleepDataIsStudentsOwn() =>
        Verdicts.PValue([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]).ShouldBe(0.00283289, 1e-7);

    [Theory]
    [InlineData(0.90, 0.88, 0.92, 1e-6, Verdict.Faster)]
    [InlineData(1.10, 1.08, 1.12, 1e-6, Verdict.Slower)]
    [InlineData(1.00, 0.99, 1.01, 0.9, Verdict.Equivalent)]
    [InlineData(1.01, 1.005, 1.015, 1e-9, Verdict.Equivalent)]
    [InlineData(1.00, 0.95, 1.05, 0.9, Verdict.Inconclusive)]
    [InlineData(1.10, 0.99, 1.22, 0.04, Verdict.Inconclusive)]
    [InlineData(1.10, 1.08, 1.12, 0.2, Verdict.Inconclusive)]
    [InlineData(1.10, 1.08, 1.12, double.NaN, Verdict.Inconclusive)]
    [InlineData(1.018, 1.012, 1.024, 1e-6, Verdict.Inconclusive)]
    public void AClaimNeedsIntervalMarginAndAdjustedValue(
        double value,
        double low,
        double high,
        double p,
        Verdict expected
    ) => Verdicts.Over([new(new Interval(value, low, high, 12), p)], new VerdictRule())[0].Verdict.ShouldBe(expected);

    [Fact]
    public void AnUnboundedIntervalClaimsNothing() =>
        Verdicts
            .Over([new(new Interval(2, 0, double.PositiveInfinity, 3), 1e-9)], new VerdictRule())[0]
            .Verdict.ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void SwappingVariantAndBaselineMirrorsTheVerdict()
    {
        for (var i = 0; i < 200; i++)
        {
            var random = new SeededRandom((ulong)i);
            var value = Math.Exp(0.05 * random.NextNormal());
            var half = Math.Exp(0.03 * random.NextDouble());
            var there = new Interval(value, value / half, value * half, 12);
            var back = new Interval(1 / value, 1 / (value * half), half / value, 12);
            var p = random.NextDouble() * 0.1;
            Verdicts
                .Over([new(back, p)], new VerdictRule())[0]
                .Verdict.ShouldBe(
                    Verdicts.Over([new(there, p)], new VerdictRule())[0].Verdict switch
                    {
                        Verdict.Faster => Verdict.Slower,
                        Verdict.Slower => Verdict.Faster,
                        var same => same,
                    }
                );
        }
    }

    // One true difference among 99 A/A cells with p = 0.001 does not survive: 0.001 × 100 × H(100) = 0.52.
    [Fact]
    public void TheGridsCorrectionCountsAllCells()
    {
        var grid = Enumerable.Range(0, 99).Select(i => new Evidence(new Interval(1, 0.97, 1.03, 12), 0.5));
        var one = new Evidence(new Interval(1.1, 1.08, 1.12, 12), 0.001);
        var judged = Verdicts.Over([.. grid, one], new VerdictRule());
        judged[^1].Adjusted.ShouldBe(0.001 * 100 * 5.187377517639621, 1e-12);
        judged[^1].Verdict.ShouldBe(Verdict.Inconclusive);
        Verdicts.Over([one], new VerdictRule())[0].Verdict.ShouldBe(Verdict.Slower);
    }

    [Fact]
    public void LooksComeAtSixTwelveTwentyFourAndFortyEight()
    {
        Looks.Next(0, 48).ShouldBe(6);
        Looks.Next(6, 48).ShouldBe(12);
        Looks.Next(12, 20).ShouldBe(20);
        Looks.Next(20, 20).ShouldBeNull();
        Looks.Next(48, 48).ShouldBeNull();
        Looks.Next(48, 60).ShouldBe(60);
    }
}
