using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Report.Words;

namespace Layerbench.Report.Tests.Words;

public class TrustTextTests
{
    [Fact]
    public void AGoodRunSaysWhatItsTrustRestsOn() =>
        TrustText
            .Items(Grounds.Good)
            .ShouldBe([
                new(
                    "controls",
                    "Identical code was called different in 0 of 10 [0%, 27.8%]; known extra work was found in 10 of 10 [72.2%, 100%].",
                    false
                ),
                new(
                    "rule",
                    "Differences within ±2% do not count; false discovery rate 5% over all cells (Benjamini–Yekutieli).",
                    false
                ),
                new("noise", "95% intervals of the ratios are ±0.8% at the median, ±2.4% at the widest.", false),
                new("converged", "Every cell reached the precision that was asked for.", false),
                new("excluded", "0.42% of blocks (8 of 1,900) set aside, on outside evidence alone.", false),
                new(
                    "drift",
                    "Canaries, each ÷ the one before it, 14 pairs: product of matrices 1 (worst 0.98), triad 1 (worst 1.01): steady.",
                    false
                ),
            ]);

    [Theory]
    [InlineData(0, 0, 10, 10, false)]
    [InlineData(1, 10, 10, 10, false)]
    [InlineData(9, 10, 10, 10, true)]
    [InlineData(0, 10, 9, 10, true)]
    [InlineData(0, 0, 0, 0, true)]
    public void ControlsAreAConcernWhereTheyErrMoreThanTheyMayOrAreNotThere(
        int same,
        int ofSame,
        int slower,
        int ofSlower,
        bool concern
    ) =>
        Item(
            Grounds.Good with
            {
                Summary = Grounds.Summary with
                {
                    FalsePositives = Proportion.Of(same, ofSame),
                    Power = Proportion.Of(slower, ofSlower),
                },
            },
            "controls"
        )
            .Concern.ShouldBe(concern);

    [Fact]
    public void WithoutSixLaunchesThereIsNoInterval() =>
        Item(Grounds.Good with { Noise = new Noise(0, 98, double.NaN, double.NaN) }, "noise")
            .ShouldBe(new TrustItem("noise", "No ratio has an interval: that takes 6 launches.", true));

    [Fact]
    public void AnIntervalOfSeveralTimesItsValueIsAFactor() =>
        Item(Grounds.Good with { Noise = new Noise(98, 2, 0.5217, 6.7685) }, "noise")
            .Text.ShouldBe(
                "95% intervals of the ratios are ±52.17% at the median, a factor of 7.8 either way at the widest; 2 without one."
            );

    [Fact]
    public void WhatIsUnconvergedAndUnsteadyIsCounted() =>
        Item(Grounds.Good with { Summary = Grounds.Summary with { Unconverged = 2, Unsteady = 1 } }, "converged")
            .ShouldBe(
                new TrustItem(
                    "converged",
                    "2 of 98 cells ended before their interval was as narrow as asked; 1 had a warm-up that ended with a slope left.",
                    true
                )
            );

    [Fact]
    public void WarmUpsAreCountedInCellsAlsoWhereAllHaveConverged() =>
        Item(Grounds.Good with { Summary = Grounds.Summary with { Unsteady = 1 } }, "converged")
            .Text.ShouldBe("1 cell had a warm-up that ended with a slope left.");

    [Fact]
    public void CellsWithoutAResultAreAConcern() =>
        Item(
                Grounds.Good with
                {
                    Outcomes = new Dictionary<string, long>
                    {
                        ["completed"] = 1,
                        ["failed"] = 2,
                        ["skipped"] = 1,
                    },
                },
                "outcomes"
            )
            .ShouldBe(
                new TrustItem("outcomes", "Cells without a result: 2 failed, 1 skipped; the table says why.", true)
            );

    [Fact]
    public void ASimulatedRunSaysThatNothingWasMeasured() =>
        Item(
            Grounds.Good with
            {
                Environments =
                [
                    new Fingerprint(
                        new FingerprintId("aa"),
                        new Dictionary<string, string> { ["backend"] = "simulated" }
                    ),
                ],
            },
            "environment"
        )
            .Text.ShouldBe("Simulated: these numbers were computed, nothing was measured.");

    private static TrustItem Item(TrustGrounds grounds, string name) =>
        TrustText.Items(grounds).Single(i => i.Name == name);
}
