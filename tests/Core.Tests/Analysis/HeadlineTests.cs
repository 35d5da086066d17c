using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Analysis;

/// <summary>Comparisons that a sweep names are a family of their own, and leave the grid as it is.</summary>
public sealed class HeadlineTests
{
    private static readonly HeadlineSpec Large = new("large", Expression.Parse("batch == 8"), "other");

    [Fact]
    public void ANamedComparisonIsCorrectedByHolmOverWhatIsNamedAlone()
    {
        var p = Verdicts.PValue(LogRatios(1.5, 3));
        var verdicts = Judged(new AnalysisRule { Headlines = [Large, new("all", null, null)] });

        // Three named comparisons: batch 8, and both cells again; the least p counts three times, however large the grid.
        var large = verdicts.Summary.Headlines[0];
        large.Name.ShouldBe("large");
        large.Cell!.Index.ShouldBe(1);
        large.Label.ShouldBe("other");
        large.Judgement!.Value.Verdict.ShouldBe(Verdict.Slower);
        large.Judgement.Value.Adjusted.ShouldBe(3 * p, 1e-12 * p);
        verdicts
            .Summary.Headlines.Select(h => (h.Name, h.Cell?.Index))
            .ShouldBe([("large", 1), ("all", 0), ("all", 1)]);
    }

    [Fact]
    public void TheGridIsJudgedAsIfNothingWereNamed()
    {
        var plain = Judged(new AnalysisRule());
        var named = Judged(new AnalysisRule { Headlines = [Large] });
        named.Of(Cell(1), "other").ShouldBe(plain.Of(Cell(1), "other"));
        named.Summary.Variants.ShouldBe(plain.Summary.Variants);
        plain.Summary.Headlines.ShouldBeEmpty();
    }

    [Fact]
    public void WhatMeansNoMeasuredCellSaysSo() =>
        Judged(new AnalysisRule { Headlines = [new("none", Expression.Parse("batch == 3"), null)] })
            .Summary.Headlines.ShouldBe([new HeadlineFinding("none", null, null, null, null)]);

    [Fact]
    public void AnAxisThatTheStoreDoesNotHaveMeansNothing() =>
        new HeadlineSpec("x", Expression.Parse("heads == 3"), null).Means(Cell(0).Point).ShouldBeFalse();

    private static SweepVerdicts Judged(AnalysisRule rule)
    {
        var analysis = new SweepAnalysis(rule);
        analysis.See(Cell(0), Launches.Of(12, 1.0, seed: 2));
        analysis.See(Cell(1), Launches.Of(12, 1.5, seed: 3));
        return analysis.Conclude();
    }

    private static double[] LogRatios(double ratio, ulong seed) =>
        [
            .. Launches
                .Of(12, ratio, seed: seed)
                .Select(l =>
                    Math.Log(CellEstimator.Estimate(Launches.Labels, "base", [l]).Variants[1].Ratio!.Value.Value)
                ),
        ];

    private static CellResult Cell(long index) =>
        Launches.Cell(index) with
        {
            Point = new Dictionary<string, AxisValue> { ["batch"] = AxisValue.Of(index == 1 ? 8L : 1L) },
        };
}
