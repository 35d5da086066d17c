using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Quality;
using Layerbench.Core.Statistics;
using Layerbench.Report.Words;

namespace Layerbench.Report.Tests.Words;

public class AnswerTextTests
{
    [Fact]
    public void AnAnswerCountsWhoIsFasterWhereAndByHowMuch() =>
        AnswerText
            .Of(new VariantTally("ffn.conv1d", "ffn.dense", new VerdictCounts(31, 52, 13, 2), 1.404, 12.34))
            .ShouldBe(
                "ffn.conv1d is faster than ffn.dense in 31 of 98 cells, by up to 1.40×; ffn.dense is faster in 52, by up to 12.3×; 13 are equivalent; 2 are inconclusive."
            );

    [Fact]
    public void WhatHasNoCellIsNotCounted() =>
        AnswerText
            .Of(new VariantTally("b", "a", new VerdictCounts(0, 0, 1, 0)))
            .ShouldBe("b is faster than a in none of 1 cell; 1 is equivalent.");

    [Fact]
    public void TwoRunsAreToldByWhatBecameSlower() =>
        AnswerText
            .OfRuns(new VariantTally("ffn.dense", "A", new VerdictCounts(1, 3, 2, 1), 1.05, 1.1))
            .ShouldBe(
                "ffn.dense: B is slower than A in 3 of 7 cells, by up to 1.10×; faster in 1, by up to 1.05×; 2 are equivalent; 1 is inconclusive."
            );

    [Fact]
    public void ATallyTakesTheExtremesOfWhatWasJudgedAlone()
    {
        var tally = new AnswerTally();
        tally.See(0, "b", "a", new Interval(0.5, 0.49, 0.51, 6));
        tally.See(1, "b", "a", new Interval(0.1, 0, double.PositiveInfinity, 2));
        tally.See(2, "b", "a", new Interval(3, 2.9, 3.1, 6));

        var judged = tally.Judge(
            (index, _) =>
                index switch
                {
                    0 => Verdict.Faster,
                    1 => Verdict.Inconclusive,
                    _ => Verdict.Slower,
                }
        );

        judged.ShouldBe([new VariantTally("b", "a", new VerdictCounts(1, 1, 0, 1), 2, 3)]);
        tally.Noise.Bounded.ShouldBe(2);
        tally.Noise.Unbounded.ShouldBe(1);
    }

    [Fact]
    public void WhatARunCannotFindIsSaidWithItsAnswer()
    {
        var quick = Grounds.Summary with { Reach = new VerdictReach(6, 6, 2, 0, 0.03) };
        var noisy = Grounds.Summary with { Power = Proportion.Of(1, 4), Reach = new VerdictReach(6, 0, 0, 0, 0.03) };

        ReachText
            .Sentences(quick)
            .ShouldBe([
                "A quick look: fewer than 6 launches a cell give no interval, so no difference is judged, and one of a few percent would not be found.",
            ]);
        ReachText
            .Sentences(noisy)
            .ShouldBe([
                "This run misses differences of 3%: of 4 controls with that much extra work it found only 1; more launches or a quieter machine find them.",
            ]);
        ReachText.Sentences(Grounds.Summary).ShouldBeEmpty();
    }

    [Fact]
    public void ControlsThatNoVerdictCanReachAreNeitherMissedNorFound()
    {
        var nothing = Proportion.Of(0, 0);
        VerdictText
            .Controls(
                Grounds.Summary with
                {
                    Power = nothing,
                    Reach = new VerdictReach(6, 0, 0, WithinMargin: 2, 0.03),
                },
                new VerdictRule { Margin = 0.05 }
            )
            .ShouldBe(
                "controls: 0 of 10 [0%, 27.8%] same judged different; 2 with 3% of extra work, within the margin of ±5%: not to be found"
            );
        VerdictText
            .Controls(
                Grounds.Summary with
                {
                    FalsePositives = nothing,
                    Power = nothing,
                    Reach = new VerdictReach(6, 6, UnjudgedControls: 2, 0, 0.03),
                },
                new VerdictRule()
            )
            .ShouldBe(
                "controls: 2 not judged, without an interval (6 launches give one), so nothing is known of how often this run errs"
            );
    }

    [Fact]
    public void ACrossoverIsASentence() =>
        Sentences(
                new ScalingReport(
                    [],
                    [new Crossover("seq_len", "fft", "direct", [("d_model", AxisValue.Of(64))], 121.4, 96, 170)]
                )
            )
            .ShouldBe(["fft passes direct at seq_len 121 [96, 170], at d_model=64."]);

    [Fact]
    public void WhatIsMoreThanAFewIsCounted()
    {
        var crossover = new Crossover("n", "b", "a", [], 10, 9, 11);

        Sentences(new ScalingReport([], [.. Enumerable.Repeat(crossover, 8)]))[^1].ShouldBe("… and 2 crossovers more.");
    }

    [Fact]
    public void NothingMeasuredIsSaidSo()
    {
        Sentences(new ScalingReport([], []), cells: 0).ShouldBe(["Nothing has been measured yet."]);
        Sentences(new ScalingReport([], []), cells: 3, measured: 0)
            .ShouldBe(["Nothing was measured: none of 3 cells has a time."]);
        Sentences(new ScalingReport([], []), cells: 3, measured: 3)
            .ShouldBe(["3 cells measured; the sweep has one variant, so nothing is compared."]);
    }

    private static IReadOnlyList<string> Sentences(ScalingReport scaling, long cells = 1, long measured = 1) =>
        AnswerText.Sentences(
            [],
            Grounds.Summary with
            {
                Cells = cells,
                Measured = measured,
            },
            scaling,
            new QualityAnalysis().Conclude(),
            []
        );
}
