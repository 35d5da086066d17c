using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps.Matching;

public sealed class MatchPilotTests
{
    private const string Text = """
        name: p
        variants: [ffn.dense, ffn.residual_relu]
        match: {by: time, adjust: d_ff}
        axes: {batch: 2, seq_len: 8, d_model: [64, 128], depth: 2}
        """;

    /// <summary>A variant whose time is a call's own and 1 for each unit of width; the baseline takes 300.</summary>
    private static Dictionary<(long, string), IReadOnlyList<PilotRatio>> Times(
        PilotCells cells,
        double overhead = 100
    ) =>
        cells.Points.ToDictionary(
            p => (p.Original, "ffn.residual_relu"),
            IReadOnlyList<PilotRatio> (p) =>
                [.. p.Candidates.Select(c => new PilotRatio(c.Value, (overhead + c.Value) / 300))]
        );

    [Fact]
    public void CandidatesLieAroundTheWidthOfEqualFlopsAndAreTimedWithTheBaseline()
    {
        var first = new MatchPilot(Bound.Plan(Text)).FirstRound();
        first.Size.ShouldBe(2);
        // The fixture's FLOPs do not know the depth, so equal FLOPs are the baseline's own width.
        first.Points[0].Candidates.Select(c => c.Value).ShouldBe([64, 128, 256, 512, 1024]);
        var cell = first.At(1)!;
        cell.Variants.Select(v => v.Label).Take(2).ShouldBe(["ffn.dense", "ffn.residual_relu d_ff=128"]);
        cell.Variants[1].Parameters["d_ff"].ShouldBe(AxisValue.Of(128));
        cell.Variants[1].Parameters["d_model"].ShouldBe(AxisValue.Of(128));
        first.Cost(cell).Flops.ShouldBe(6 * 4.0 * 2 * 8 * 128 * 512);
    }

    [Fact]
    public void TheSecondRoundLiesWhereTheFirstPassesTheBaseline()
    {
        var pilot = new MatchPilot(Bound.Plan(Text));
        var second = pilot.SecondRound(Times(pilot.FirstRound()));
        var values = second.Points[0].Candidates.Select(c => c.Value).ToArray();
        values.Length.ShouldBe(5);
        values[0].ShouldBeLessThan(200);
        values[^1].ShouldBeGreaterThan(200);
    }

    [Fact]
    public void TheWidthOfEqualTimeIsChosenForEachPoint()
    {
        var pilot = new MatchPilot(Bound.Plan(Text));
        var chosen = pilot.Choose(Times(pilot.SecondRound(Times(pilot.FirstRound()))));
        chosen.Select(c => c.At["d_model"].Integer).ShouldBe([64, 128]);
        chosen.Select(c => c.Label).Distinct().ShouldBe(["ffn.residual_relu"]);
        foreach (var choice in chosen)
        {
            // The true ratio of equal time is at 200; a straight line in logs over ±25% is off by under 1%.
            ((double)choice.Value).ShouldBe(200, 2);
            choice.Ratio.ShouldBe(1, 0.01);
        }
    }

    [Fact]
    public void APointThatCouldNotBeTimedHasNoChoice()
    {
        var pilot = new MatchPilot(Bound.Plan(Text));
        var first = Times(pilot.FirstRound());
        first.Remove((0, "ffn.residual_relu"));
        pilot.Choose(Times(pilot.SecondRound(first))).ShouldHaveSingleItem().At["d_model"].Integer.ShouldBe(128);
    }

    [Fact]
    public void WhatIsChosenIsKeptInTheSweepAndReadBack()
    {
        var pilot = new MatchPilot(Bound.Plan(Text));
        var chosen = pilot.Choose(Times(pilot.SecondRound(Times(pilot.FirstRound()))));
        var spec = Bound.Spec(SweepFile.WithChosen(Text, chosen));
        spec.Match!.NeedsPilot.ShouldBeFalse();
        spec.Match.Chosen.Select(c => c.Value).ShouldBe(chosen.Select(c => c.Value));
        var plan = SweepPlan.Create(spec with { Controls = ControlSpec.None }, CatalogFixture.Create());
        Bound.Cells(plan).Select(c => c.Variants[1].Parameters["d_ff"].Integer).ShouldBe(chosen.Select(c => c.Value));
        SweepFile.WithChosen(SweepFile.WithChosen(Text, []), chosen).ShouldBe(SweepFile.WithChosen(Text, chosen));
    }

    [Fact]
    public void AShortFormOfTheKeyIsWrittenOut() =>
        Bound
            .Spec(SweepFile.WithChosen(Text.Replace("{by: time, adjust: d_ff}", "time"), []))
            .Match!.By.ShouldBe(MatchBy.Time);

    [Fact]
    public void ALargeDesignIsNotPiloted() =>
        new MatchPilot(Bound.Plan(Text.Replace("[64, 128]", "{range: {from: 1, to: 300}}"))).Problem.ShouldBe(
            "match: time is for at most 200 points, and this design has 300; use fewer, or match by flops"
        );
}
