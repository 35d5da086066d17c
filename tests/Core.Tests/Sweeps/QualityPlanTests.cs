using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class QualityPlanTests
{
    private const string Head = "name: x\nvariants: [ffn.dense, ffn.conv1d]\npass: [forward, pairwise]\n";
    private const string Shape = "batch: 8, seq_len: 32, d_model: 64";

    private static readonly VariantCatalog Catalog = new([WithPairwise("torchsharp"), WithPairwise("pytorch")]);

    [Fact]
    public void AxesThatAPassDoesNotTakeMakeNoMorePointsOfIt()
    {
        var plan = Plan($"axes: {{{Shape}, learning_rate: [0.1, 0.2], trial: [1, 2, 3]}}\n");

        Shown(plan)
            .ShouldBe([
                "forward//",
                "pairwise/0.1/1",
                "pairwise/0.1/2",
                "pairwise/0.1/3",
                "pairwise/0.2/1",
                "pairwise/0.2/2",
                "pairwise/0.2/3",
            ]);
        plan.Count.ShouldBe(7);
        Bound.Cells(plan).Select(c => c.IsQuality).ShouldBe([false, .. Enumerable.Repeat(true, 6)]);
        Bound.Cells(plan).Select(c => c.Id).Distinct().Count().ShouldBe(7);
    }

    [Fact]
    public void ATimedCellHasTheSameNameWhateverIsTrainedBesideIt()
    {
        var both = Plan($"axes: {{{Shape}, learning_rate: [0.1, 0.2], trial: [1, 2]}}\n");
        var alone = Bound.Plan(
            Head.Replace("[forward, pairwise]", "forward", StringComparison.Ordinal) + $"axes: {{{Shape}}}\n",
            Catalog
        );

        both.At(0)!.Id.ShouldBe(alone.At(0)!.Id);
        both.At(0)!.Point.Names.ShouldBe(alone.At(0)!.Point.Names);
    }

    [Theory]
    [InlineData("where: learning_rate > 0.1\n", "forward// pairwise/0.2/1")]
    [InlineData("where: pass == 'pairwise' or learning_rate == 0.2\n", "forward// pairwise/0.1/1 pairwise/0.2/1")]
    [InlineData("exclude: [{learning_rate: [0.1, 0.2]}]\nwhere: pass == 'pairwise' or trial == 1\n", "")]
    [InlineData("exclude: [{pass: pairwise, learning_rate: 0.1}]\n", "forward// pairwise/0.2/1")]
    public void OfPointsThatAreOneItIsEnoughThatTheConditionsKeepOne(string conditions, string expected)
    {
        const string axes = $"axes: {{{Shape}, learning_rate: [0.1, 0.2], trial: 1}}\n";
        if (expected.Length == 0)
        {
            Bound
                .Errors(Head + conditions + axes, Catalog)
                .ShouldBe(["f:5:8: where: the conditions leave out all 4 points; loosen 'where' or 'exclude'"]);
            return;
        }

        string.Join(' ', Shown(Plan(conditions + axes))).ShouldBe(expected);
    }

    [Theory]
    [InlineData(
        "{list: [{pass: forward, learning_rate: 0.1}, {pass: pairwise, learning_rate: 0.1}, {pass: forward, learning_rate: 0.3}]}",
        "forward// pairwise/0.1/1"
    )]
    [InlineData("{one_at_a_time: {centre: {pass: forward, learning_rate: 0.2}}}", "forward// pairwise/0.2/1")]
    public void OtherDesignsMergeTheirPointsToo(string design, string expected)
    {
        var plan = Plan($"design: {design}\naxes: {{{Shape}, learning_rate: [0.1, 0.2, 0.3]}}\n");

        string.Join(' ', Shown(plan).Order(StringComparer.Ordinal)).ShouldBe(expected);
    }

    [Fact]
    public void RandomPointsMergeToo()
    {
        var plan = Plan($"design: {{random: {{count: 8}}}}\naxes: {{{Shape}, learning_rate: [0.1, 0.2, 0.3, 0.4]}}\n");

        Shown(plan)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["forward//", "pairwise/0.1/1", "pairwise/0.2/1", "pairwise/0.3/1", "pairwise/0.4/1"]);
        plan.Count.ShouldBe(5);
    }

    [Fact]
    public void TooManyDrawnPointsToMergeAreAnErrorOfTheFile() =>
        Bound
            .Errors(
                Head
                    + "design: {random: {count: 1000001}}\n"
                    + "axes: {batch: 8, seq_len: {range: {from: 1, to: 1000}}, d_model: {range: {from: 1, to: 1000}}, learning_rate: [0.1, 0.2]}\n",
                Catalog
            )
            .ShouldBe([
                "f:4:9: design: 1000001 points over passes that take different axes; at most 1000000 outside a grid: "
                    + "give fewer points, or each pass a sweep of its own",
            ]);

    [Fact]
    public void WhatIsComputedFromAnAxisThatAPassLeavesAloneIsLeftAloneToo()
    {
        var plan = Plan($"axes: {{{Shape}, scale: [1, 2], learning_rate: 0.1*scale, distance: 2*scale}}\n");

        var cells = Bound.Cells(plan);
        cells.Select(c => c.Pass).ShouldBe(["forward", "pairwise", "pairwise"]);
        cells[0].Point.Names.ShouldNotContain("scale");
        cells.Skip(1).Select(c => c.Point["learning_rate"].Number).ShouldBe([0.1, 0.2]);
        cells.ShouldAllBe(c => plan.Refusal(c) == null);
    }

    [Fact]
    public void ControlsAreOfTimedPointsAlone()
    {
        const string axes = $"axes: {{{Shape}, learning_rate: [0.1, 0.2], trial: [1, 2, 3]}}\n";
        var mixed = Bound.Plan(Head + axes, Catalog, controls: true);
        var controls = Bound.Cells(mixed).Where(c => c.Control != ControlKind.None).ToList();
        controls
            .Select(c => (c.Control, c.Pass))
            .ShouldBe([(ControlKind.Same, "forward"), (ControlKind.Slower, "forward")]);
        mixed.Count.ShouldBe(9);

        var trained = Bound.Plan(
            Head.Replace("[forward, pairwise]", "pairwise", StringComparison.Ordinal) + axes,
            Catalog,
            controls: true
        );
        (trained.Size, trained.Count).ShouldBe((6, 6));
    }

    [Fact]
    public void ATrainingIsExpectedToTakeItsOwnFlopsOnce()
    {
        var plan = Plan($"axes: {{{Shape}, steps: 1000}}\n");
        var cell = plan.At(1)!;
        // 4·N·d·h of each of two variants, three times that for a step.
        const double flops = 2 * 4.0 * 8 * 32 * 64 * 256 * 3 * 1000;

        plan.Cost(cell).Flops.ShouldBe(flops);
        new SchedulingOptions().ExpectedSeconds(cell, plan.Cost(cell)).ShouldBe((flops / 5e10) + 2e-5, 1e-9);
    }

    [Fact]
    public void TheStepsOfATrainingCostWhatTheModelAroundTheVariantDoesAndTheirDispatch()
    {
        var plan = Bound.Plan(
            Head + $"axes: {{{Shape}, steps: 1000}}\n",
            CatalogFixture.Of(
                WithPairwise(
                    "pytorch",
                    p => p with { Steps = "steps", StepFlops = "7*batch", StepBytes = "1e9*seq_len" }
                )
            )
        );
        var cell = plan.At(1)!;

        var cost = plan.Cost(cell);

        cost.Steps.ShouldBe(2 * 1000);
        cost.Flops.ShouldBe((2 * 4.0 * 8 * 32 * 64 * 256 * 3 * 1000) + (2 * 1000 * 7 * 8.0));
        var seconds = new SchedulingOptions().ExpectedSeconds(cell, cost);
        seconds.ShouldBe((cost.Flops / 5e10) + (cost.Bytes / 1e10) + 2e-5 + (2000 * 5e-4), 1e-9);
        cost.Bytes.ShouldBeGreaterThan(2 * 1000 * 1e9 * 32);
    }

    private static SweepPlan Plan(string rest) => Bound.Plan(Head + rest, Catalog);

    private static string[] Shown(SweepPlan plan) =>
        [
            .. Bound
                .Cells(plan)
                .Select(c => $"{c.Pass}/{c.Point.Find("learning_rate")?.Canonical}/{c.Point.Find("trial")?.Canonical}"),
        ];

    private static BackendInfo WithPairwise(string name, Func<PassInfo, PassInfo>? changed = null)
    {
        var backend = CatalogFixture.Backend(name);
        var pairwise = new PassInfo(
            "pairwise",
            "Whether two tokens agree",
            [
                new("learning_rate", "real", "Of Adam", "0.005", 0),
                new("trial", "integer", "Seeds weights and data", "1", 1),
                new("steps", "integer", "Of Adam", "500", 1),
                new("distance", "integer", "Between the tokens", "27", 1),
            ],
            "3*steps",
            "4",
            Kind: "quality",
            Metric: "accuracy",
            Guess: "0.5"
        );
        return backend with { Passes = [.. backend.Passes, changed?.Invoke(pairwise) ?? pairwise] };
    }
}
