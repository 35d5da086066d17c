using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class ReadySweepTests
{
    private static SweepPlan Plan(string name)
    {
        var catalog = CatalogFixture.Create();
        var read = SweepFile.Load(Path.Combine(Repository.Root, "sweeps", name), [], catalog);
        read.Result.Errors.Select(e => e.Format(name)).ShouldBeEmpty();
        return SweepPlan.Create(read.Result.Spec!, catalog);
    }

    [Theory]
    [InlineData("quickstart.yaml", 6, 6)]
    [InlineData("ffn-dense-vs-conv1d.yaml", 768, 750)]
    [InlineData("ffn-one-at-a-time.yaml", 17, 17)]
    [InlineData("seed-epoch.yaml", 1, 1)]
    public void AReadySweepHasThisManyCellsAndEachCanRun(string name, long size, long cells)
    {
        var plan = Plan(name);
        plan.Points.ShouldBe(size);
        Bound.Cells(plan).Count(c => c.Control == ControlKind.None).ShouldBe((int)cells);
        plan.Count.ShouldBe(Bound.Cells(plan).Length);
        Bound.Cells(plan).Select(plan.Refusal).ShouldAllBe(refusal => refusal == null);
    }

    [Fact]
    public void TheQuickstartAsksForLittleWork()
    {
        // At most 12 launches of 10 blocks at 5 GFLOP/s, a slow core: well under the two minutes it promises.
        var plan = Plan("quickstart.yaml");
        var flops =
            Bound.Cells(plan).Sum(c => plan.Cost(c).Flops)
            * plan.Spec.Measure.MaximumLaunches
            * plan.Spec.Measure.Blocks;
        (flops / 5e9).ShouldBeLessThan(90);
    }

    private static readonly string[] Axes = ["batch", "seq_len", "d_model", "depth"];

    [Fact]
    public void TheFourPlotsVaryOneAxisEach() =>
        Bound
            .Cells(Plan("ffn-one-at-a-time.yaml"))
            .Where(c => c.Control == ControlKind.None)
            .Select(c => Axes.Select(a => c.Point[a].Canonical))
            .Count(p => p.Zip(["16", "32", "128", "1"]).Count(v => v.First != v.Second) == 1)
            .ShouldBe(16);
}
