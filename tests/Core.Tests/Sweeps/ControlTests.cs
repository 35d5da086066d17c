using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class ControlTests
{
    private const string Head = "name: x\nvariants: [ffn.conv1d, ffn.dense]\nbaseline: ffn.dense\n";

    [Fact]
    public void ASmallSweepHasOneControlOfEachKindWithTheBaselineOnBothSides()
    {
        var plan = Bound.Plan(Head + "axes: {batch: [1, 8], seq_len: 32, d_model: 64}\n", controls: true);
        (plan.Points, plan.Size, plan.Count).ShouldBe((2, 4, 4));
        Cell[] controls = [plan.At(2)!, plan.At(3)!];
        controls.Select(c => c.Control).ShouldBe([ControlKind.Same, ControlKind.Slower]);
        controls.Select(c => c.Index).ShouldBe([2L, 3L]);
        controls[0]
            .Variants.Select(v => (v.Label, v.Variant, v.ExtraWork))
            .ShouldBe([("ffn.dense", "ffn.dense", 0.0), ("control.same", "ffn.dense", 0.0)]);
        controls[1]
            .Variants.Select(v => (v.Label, v.Variant, v.ExtraWork))
            .ShouldBe([("ffn.dense", "ffn.dense", 0.0), ("control.slower", "ffn.dense", 0.03)]);
        Controls.KindOf([.. controls[1].Variants.Select(v => v.Label)]).ShouldBe(ControlKind.Slower);
        Bound.Cells(plan).Select(c => c.Id).Distinct().Count().ShouldBe(4);
        plan.Cost(controls[0]).Flops.ShouldBe(plan.Cost(plan.At(IndexOf(plan, controls[0]))!).Flops, 1e-9);
    }

    [Fact]
    public void TheShareIsOfThePointsWithoutRepetitionAndChosenByTheSeed()
    {
        const string axes = "axes: {batch: {range: {from: 1, to: 200}}, seq_len: 32, d_model: 64}\n";
        var plan = Bound.Plan(Head + "controls: {same: 10%, slower: 0}\n" + axes, controls: true);
        var chosen = Batches(plan);
        (plan.Size, chosen.Length, chosen.Distinct().Count()).ShouldBe((220, 20, 20));
        Batches(Bound.Plan(Head + "controls: {same: 10%, slower: 0}\nseed: 2\n" + axes, controls: true))
            .ShouldNotBe(chosen);
    }

    [Fact]
    public void ConditionsThinOutControlsLikeCellsButLeaveOneOfEachKind()
    {
        var one = Bound.Plan(
            Head + "where: batch == 77\naxes: {batch: {range: {from: 1, to: 200}}, seq_len: 32, d_model: 64}\n",
            controls: true
        );
        one.Size.ShouldBe(220);
        var cells = Bound.Cells(one);
        cells.ShouldAllBe(c => c.Point["batch"].Integer == 77);
        cells.Count(c => c.Control == ControlKind.None).ShouldBe(1);
        cells.Select(c => c.Control).Distinct().Count().ShouldBe(3);
        one.Count.ShouldBe(cells.Length);
    }

    [Theory]
    [InlineData("design: {one_at_a_time: {centre: {batch: 1}}}\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n")]
    [InlineData("design: {list: [{batch: 1}, {batch: 8}]}\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n")]
    [InlineData("design: zip\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n")]
    [InlineData("design: {random: {count: 2}}\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n")]
    [InlineData("design: {latin_hypercube: {count: 2}}\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n")]
    public void EveryDesignHasThem(string rest) =>
        Bound
            .Cells(Bound.Plan(Head + rest, controls: true))
            .Select(c => c.Control)
            .ShouldBe([ControlKind.None, ControlKind.None, ControlKind.Same, ControlKind.Slower]);

    [Fact]
    public void TheyCanBeSwitchedOffAndMistakesAreNamed()
    {
        Bound
            .Plan(
                Head + "controls: {same: 0, slower: 0%}\naxes: {seq_len: 32, d_model: 64, batch: 1}\n",
                controls: true
            )
            .Size.ShouldBe(1);
        Bound
            .Errors(
                "name: x\nvariants: [{variant: ffn.dense, label: control.mine}]\ncontrols: {same: 60%, effect: 0}\n"
                    + "axes: {seq_len: 32, d_model: 64, batch: 1}\n"
            )
            .ShouldBe([
                "f:2:12: variants[0]: the label 'control.mine' begins with 'control.', which marks controls; give another 'label'",
                "f:3:18: controls.same: '60%' is not a share from 0% to 50%; write it like 2% or 0.02",
                "f:3:31: controls.effect: '0' is not a share from 0.1% to 100%; write it like 2% or 0.02",
            ]);
    }

    private static long[] Batches(SweepPlan plan) =>
        [.. Bound.Cells(plan).Where(c => c.Control != ControlKind.None).Select(c => c.Point["batch"].Integer)];

    private static long IndexOf(SweepPlan plan, Cell control) =>
        Bound.Cells(plan).First(c => c.Point.ToString() == control.Point.ToString()).Index;
}
