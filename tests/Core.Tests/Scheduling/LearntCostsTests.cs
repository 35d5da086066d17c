using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Scheduling;

public sealed class LearntCostsTests
{
    private static readonly string[] axes = ["pass", "backend", "dtype", "threads"];

    private static Cell Of(long index, string variant) =>
        new(
            index,
            new CellId($"{index:x16}"),
            new Point(
                axes,
                [AxisValue.Of("forward"), AxisValue.Of("torch"), AxisValue.Of("float32"), AxisValue.Of(1L)]
            ),
            [new VariantUse("a", variant, new Dictionary<string, AxisValue>())],
            "a"
        );

    [Fact]
    public void LearntCostsTellWhatToMultiplyByOnceThatIsWorthIt()
    {
        var costs = new LearntCosts(new MeasureSpec(), "cpu");
        var cost = new CellCost(5e11, 0, 0);
        var (before, ffn) = costs.Expect(Of(0, "ffn.dense"), cost);
        var (_, mix) = costs.Expect(Of(1, "mix.fft"), cost);
        (ffn, mix).ShouldBe((0, 1));
        costs.TakeCorrections().ShouldBeNull();

        costs.Learn("cpu", Of(0, "ffn.dense"), cost, before * 1.05);
        costs.TakeCorrections().ShouldBeNull();
        costs.Learn("cuda", Of(0, "ffn.dense"), cost, before * 100);
        costs.TakeCorrections().ShouldBeNull();
        costs.Learn("cpu", Of(0, "ffn.dense"), cost, before * 4);
        costs.Learn("cpu", Of(0, "ffn.dense"), cost, before * 4);

        // Family mix was not seen, so it goes by its kind.
        costs.TakeCorrections()!.Select(r => Math.Round(r, 9)).ShouldBe([4, 4]);
        costs.TakeCorrections().ShouldBeNull();
        costs.Expect(Of(2, "ffn.dense"), cost).Seconds.ShouldBe(4 * before, before * 1e-9);
    }

    [Fact]
    public void DevicesOfAnotherKindHaveAPaceOfTheirOwn()
    {
        var costs = new LearntCosts(new MeasureSpec(), "cuda");
        var cost = new CellCost(5e11, 0, 0);
        var (expected, _) = costs.Expect(Of(0, "ffn.dense"), cost);
        costs.Pace("cpu").ShouldBe(1);

        costs.Learn("cpu", Of(0, "ffn.dense"), cost, expected * 40);
        costs.Learn("cuda", Of(0, "ffn.dense"), cost, expected * 2);

        costs.Pace("cpu").ShouldBe(40, 1e-9);
        costs.Pace("cuda").ShouldBe(1);
    }

    [Fact]
    public void WhatFinishedCellsTookReordersThoseThatWait()
    {
        double[] teraflops = [1, 4, 3, 2, 2.5];
        var source = new TestSource(5)
        {
            Flops = i => teraflops[i] * 1e12,
            Variant = i => i is 1 or 3 ? "mix.fft" : "ffn.dense",
        };
        var state = new SweepState(
            source,
            new SchedulingOptions { MaximumSliceCells = 1, Costs = new LearntCosts(new MeasureSpec(), "simulated") },
            []
        );
        var prior = teraflops
            .Select(t =>
                CostModel.Prior(
                    new CostKey("cpu", "forward", "ffn"),
                    new CellCost(t * 1e12, 0, 0),
                    LaunchShape.Of(new MeasureSpec(), 1)
                )
            )
            .ToArray();

        Run(1, prior[1]);
        // The next by the roofline; it takes a hundredth, so cells of ffn are the shorter ones from now on.
        Run(2, prior[2] / 100);
        state.Work.Remaining.ShouldBe(prior[3] + ((prior[0] + prior[4]) / 100), 1e-6);
        state.Work.Finished.ShouldBe(prior[1] + (prior[2] / 100), 1e-6);
        Run(3, prior[3]);
        Run(4, prior[4] / 100);
        Run(0, prior[0] / 100);
        state.Work.Remaining.ShouldBe(0, 1e-9);

        void Run(long index, double seconds)
        {
            var slice = ((LeaseAnswer.Granted)state.Lease(TestSource.Device(0), DateTimeOffset.UnixEpoch)).Slice;
            slice.Cells.Single().Index.ShouldBe(index);
            state.Tell(
                slice.Token,
                [new CellTold.Ended(index, new Results.Outcome.Completed(), seconds)],
                DateTimeOffset.UnixEpoch
            );
        }
    }
}
