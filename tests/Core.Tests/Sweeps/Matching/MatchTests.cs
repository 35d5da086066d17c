using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Tests.Sweeps.Matching;

public sealed class MatchTests
{
    private static readonly AxisInfo[] Shape =
    [
        new("batch", "integer", "Sequences", Minimum: 1),
        new("seq_len", "integer", "Tokens", Minimum: 1),
        new("d_model", "integer", "Width", Minimum: 1),
    ];

    /// <summary>A dense network, a gated one with a third matrix, one of a width in steps of 16, and one that has no width.</summary>
    private static VariantCatalog Catalog() =>
        CatalogFixture.Of(
            CatalogFixture.Backend("pytorch") with
            {
                Variants =
                [
                    Ffn("ffn.dense", 2, "4*d_model", []),
                    Ffn("ffn.gated", 3, "8*d_model//3", []),
                    Ffn("ffn.steps", 2, "4*d_model", [new("d_ff % 16 == 0", "d_ff must be a multiple of 16")]),
                    Ffn("ffn.never", 2, "4*d_model", [new("d_model > 100000", "far too narrow")]),
                    new("mix.none", "", "y = x", "", Shape, [], "0", "0", "8*batch*seq_len*d_model", []),
                ],
            }
        );

    private static VariantInfo Ffn(
        string name,
        int matrices,
        string width,
        IReadOnlyList<ConstraintInfo> constraints
    ) =>
        new(
            name,
            "",
            "",
            "",
            [.. Shape, new("d_ff", "integer", "Hidden width", width, 1), new("depth", "integer", "Blocks", "1", 1)],
            constraints,
            $"{matrices}*d_model*d_ff*depth",
            $"{2 * matrices}*batch*seq_len*d_model*d_ff*depth",
            "4*batch*seq_len*d_model",
            []
        );

    private static string Sweep(string match, string variants = "[ffn.dense, ffn.gated]", string widths = "[64, 96]") =>
        $$"""
            name: m
            variants: {{variants}}
            match: {{match}}
            axes: {batch: 2, seq_len: 8, d_model: {{widths}}}
            """;

    private static SweepPlan Plan(string text) => Bound.Plan(text, Catalog());

    private static long[] Widths(SweepPlan plan, string label, string axis = "d_ff") =>
        [.. Bound.Cells(plan).Select(c => c.Variants.First(v => v.Label == label).Parameters[axis].Integer)];

    [Theory]
    [InlineData("flops")]
    [InlineData("parameters")]
    [InlineData("{by: flops, adjust: d_ff}")]
    public void AGatedNetworkGetsTwoThirdsOfTheWidth(string match)
    {
        var plan = Plan(Sweep(match));
        Widths(plan, "ffn.dense").ShouldBe([256, 384]);
        Widths(plan, "ffn.gated").ShouldBe([171, 256]);
        var cells = Bound.Cells(plan);
        cells.Select(plan.Refusal).ShouldAllBe(r => r == null);
        plan.Matches(cells[0])
            .ShouldHaveSingleItem()
            .ShouldBe(new Matched("ffn.gated", "d_ff", 171, 171 * 3 / 512.0, null));
        cells[0]
            .Variants.Select(v => v.Matched is { } m ? m with { By = "" } : null)
            .ShouldBe([null, new MatchedSize("", "d_ff", 171, 171 * 3 / 512.0)]);
    }

    [Fact]
    public void EqualWorkCostsTheSame()
    {
        var plan = Plan(Sweep("flops", widths: "[96]"));
        var cell = Bound.Cells(plan).ShouldHaveSingleItem();
        plan.Cost(cell).Flops.ShouldBe(2 * 4.0 * 2 * 8 * 96 * 384);
    }

    [Fact]
    public void AConstraintIsKept() =>
        Widths(
                Plan(Sweep("flops", "[{variant: ffn.dense, with: {d_ff: 3*d_model}}, ffn.steps]", "[50, 64]")),
                "ffn.steps"
            )
            .ShouldBe([144, 192]);

    [Fact]
    public void AnotherAxisCanBeNamed() =>
        Widths(
                Plan(
                    Sweep(
                        "{by: flops, adjust: depth}",
                        "[{variant: ffn.dense, with: {depth: 6}}, {variant: ffn.gated, with: {d_ff: 4*d_model}}]"
                    )
                ),
                "ffn.gated",
                "depth"
            )
            .ShouldBe([4, 4]);

    [Fact]
    public void AVariantWithAValueOfItsOwnKeepsIt() =>
        Widths(
                Plan(
                    Sweep("flops", "[ffn.dense, ffn.gated, {variant: ffn.gated, label: own, with: {d_ff: 7}}]", "[64]")
                ),
                "own"
            )
            .ShouldBe([7]);

    [Fact]
    public void OnlyThoseThatAreNamedAreAdjusted()
    {
        var plan = Plan(
            Sweep("{by: flops, adjust: {ffn.gated: d_ff}}", "[ffn.dense, ffn.gated, ffn.steps, mix.none]", "[64]")
        );
        plan.Spec.Match!.Adjust.ShouldBe(new Dictionary<string, string> { ["ffn.gated"] = "d_ff" });
        Widths(plan, "ffn.steps").ShouldBe([256]);
    }

    [Fact]
    public void TheChosenValueNamesTheCellAsOneThatIsGivenWould()
    {
        var matched = Bound.Cells(Plan(Sweep("flops", widths: "[64]")))[0];
        var given = Bound.Cells(
            Bound.Plan(
                """
                name: m
                variants: [ffn.dense, {variant: ffn.gated, with: {d_ff: 171}}]
                axes: {batch: 2, seq_len: 8, d_model: [64]}
                """,
                Catalog()
            )
        )[0];
        matched.Id.ShouldBe(given.Id);
    }

    [Fact]
    public void ACellThatCannotComeNearIsRefusedWithHowNearItCame()
    {
        var plan = Plan(Sweep("{by: flops, within: 1%}", widths: "[2, 96]"));
        Bound
            .Cells(plan)
            .Select(plan.Refusal)
            .ShouldBe([
                "ffn.gated: d_ff 5 comes nearest, with 0.938 of ffn.dense's FLOPs; that is beyond match.within, 1%: raise it, or adjust another axis",
                null,
            ]);
    }

    [Fact]
    public void AVariantThatCannotRunAtAllIsRefusedInItsOwnWords()
    {
        var plan = Bound.Plan(Sweep("flops", "[ffn.dense, ffn.never]", "[64, 200000]"), Catalog());
        Bound.Cells(plan).Select(plan.Refusal).ShouldBe(["ffn.never: far too narrow (d_model > 100000)", null]);
    }

    [Fact]
    public void UntilAPilotHasRunTimeIsMatchedByFlops()
    {
        var plan = Plan(Sweep("time"));
        plan.Spec.Match!.NeedsPilot.ShouldBeTrue();
        Widths(plan, "ffn.gated").ShouldBe([171, 256]);
    }

    [Fact]
    public void WhatAPilotChoseIsTakenPointByPoint()
    {
        var plan = Plan(
            Sweep(
                "{by: time, chosen: [{variant: ffn.gated, at: {d_model: 64}, value: 150, ratio: 1.01}, {variant: ffn.gated, at: {d_model: 96}, value: 220, ratio: 1.2}]}"
            )
        );
        Widths(plan, "ffn.gated").ShouldBe([150, 220]);
        Bound
            .Cells(plan)
            .Select(plan.Refusal)
            .ShouldBe([
                null,
                "ffn.gated: d_ff 220 comes nearest, with 1.2 of ffn.dense's time; that is beyond match.within, 5%: raise it, or adjust another axis",
            ]);
    }

    [Fact]
    public void APointThatThePilotCouldNotTimeIsRefused()
    {
        var plan = Plan(
            Sweep("{by: time, chosen: [{variant: ffn.gated, at: {d_model: 64}, value: 150, ratio: 1.01}]}")
        );
        Bound
            .Cells(plan)
            .Select(plan.Refusal)
            .Last()
            .ShouldBe(
                "ffn.gated: the pilot could not time it here, so that nothing was chosen; run it into a new folder to try again"
            );
    }

    [Fact]
    public void ControlsAreNotMatched()
    {
        var plan = Bound.Plan(Sweep("flops"), Catalog(), controls: true);
        foreach (var cell in Bound.Cells(plan).Where(c => c.Control != ControlKind.None))
        {
            plan.Matches(cell).ShouldBeEmpty();
            cell.Variants.Select(v => v.Variant).ShouldBe(["ffn.dense", "ffn.dense"]);
        }
    }

    [Theory]
    [InlineData(
        "speed",
        "f:3:8: match: 'speed' is nothing that variants can be equal in; give flops, parameters or time"
    )]
    [InlineData("{adjust: d_ff}", "f:3:8: match.by: 'by' is missing; add e.g. 'by: flops'")]
    [InlineData(
        "{by: flops, adjust: d_model}",
        "f:3:28: match.adjust: 'd_model' decides what the variants work on and is never changed; give one of d_ff, depth"
    )]
    [InlineData(
        "{by: flops, adjust: width}",
        "f:3:28: match.adjust: ffn.gated takes no integer 'width' that its FLOPs depend on; give one of d_ff, depth"
    )]
    [InlineData(
        "{by: flops, adjust: {ffn.gate: d_ff}}",
        "f:3:29: match.adjust.ffn.gate: 'ffn.gate' is the label of no variant that could be adjusted; did you mean 'ffn.gated'?"
    )]
    [InlineData(
        "{by: flops, within: 0%}",
        "f:3:28: match.within: '0%' is not a share from 0.01% to 100%; write it like 2% or 0.02"
    )]
    public void AMistakeIsNamedWithItsRepair(string match, string error) =>
        Bound.Errors(Sweep(match), Catalog()).ShouldBe([error]);

    [Fact]
    public void AVariantWithoutAWidthCannotBeMatched() =>
        Bound
            .Errors(Sweep("flops", "[ffn.dense, mix.none]"), Catalog())
            .ShouldBe([
                "f:3:8: match: mix.none has no width or depth that its FLOPs depend on; leave it out of the sweep, or name those that are adjusted: 'adjust: {LABEL: AXIS}'",
            ]);

    [Fact]
    public void OneVariantHasNothingToMeet() =>
        Bound
            .Errors(Sweep("flops", "[ffn.dense]"), Catalog())
            .ShouldBe(["f:3:8: match: there is no other variant than the baseline; add one, or leave 'match' out"]);
}
