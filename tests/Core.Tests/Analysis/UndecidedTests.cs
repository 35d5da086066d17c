using Layerbench.Core.Analysis;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

public class UndecidedTests
{
    private static readonly VerdictRule Rule = new() { Margin = 0.02 };

    [Theory]
    // Within the margin: the end that stands out furthest beyond it.
    [InlineData(1, 0.99, 1.05, 1.05 / 1.02)]
    [InlineData(1, 1 / 1.05, 1.01, 1.05 / 1.02)]
    // Beyond it: the end that has 1 in the interval.
    [InlineData(1.04, 0.98, 1.10, 1 / 0.98)]
    [InlineData(1 / 1.04, 1 / 1.10, 1 / 0.98, 1 / 0.98)]
    public void TheDistanceIsWhatTheEndInTheWayStandsOutBy(double value, double low, double high, double factor) =>
        Undecided.Distance(new Interval(value, low, high, 6), Rule).ShouldBe(Math.Log(factor), 1e-12);

    [Theory]
    [InlineData(1, 0.99, 1.01)]
    [InlineData(1.04, 1.01, 1.07)]
    [InlineData(0.9, 0.8, 0.99)]
    [InlineData(1, 0, double.PositiveInfinity)]
    [InlineData(double.NaN, 0, double.PositiveInfinity)]
    public void WhatIsDecidedOrHasNoIntervalComesLast(double value, double low, double high) =>
        Undecided.Distance(new Interval(value, low, high, 6), Rule).ShouldBe(Undecided.Decided);

    [Fact]
    public void ACellIsAsNearAsItsNearestUndecidedVariant()
    {
        var cell = new CellEstimate(
            [
                Variant(null),
                Variant(new Interval(1.5, 1.4, 1.6, 6)),
                Variant(new Interval(1.1, 0.9, 1.3, 6)),
                Variant(new Interval(1.1, 0.99, 1.2, 6)),
            ],
            6,
            0,
            Steady: true
        );

        Undecided.Distance(cell, Rule).ShouldBe(-Math.Log(0.99), 1e-12);
    }

    private static VariantEstimate Variant(Interval? ratio) => new("v", new Interval(1, 1, 1, 6), ratio, null, 1);
}
