using Layerbench.Cli.Planning;
using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Cli.Tests.Views;

public class PlanTests
{
    private static readonly IReadOnlyList<DeviceInfo> Cpu =
    [
        new(new DeviceId("cpu"), "cpu", "AMD EPYC 9B14", [0, 1, 2, 5], 8L << 30),
    ];

    [Fact]
    public void APlanSaysWhatWillRunAndWhatWillNot()
    {
        var spec = Spec([1, 8, 1000, 4096]);

        var plan = PlanSummary.Of(spec, new Source(spec), Cpu, shown: 3, TestContext.Current.CancellationToken);

        Terminal
            .Text(PlanView.Draw(spec, plan, Cpu), Terminal.Unfolded, colour: false)
            .ShouldBe(
                """
                ffn: 3 cells of ffn.dense, ffn.conv1d (ratios to ffn.dense)
                Dense or Conv1d?

                  pass   forward
                  batch  1, 8, 1000, 4096

                conditions keep 3 of 4 points
                each cell: 6 to 48 launches, until the ratio is known to ±1%; what follows is for 6, of 20 blocks, 3 for memory
                on cpu: AMD EPYC 9B14, CPUs 0-2,5, 8.00 GiB
                one block: 1.00 GFLOP, 977 KiB moved at least, 9.54 MiB live at most
                in all: 120 GFLOP timed at least, 9 cell launches in about 9 worker processes
                expected time: about 22 s (an order of magnitude, from FLOPs and bytes alone)

                  batch   FLOPs of a block      bytes   live memory   per launch
                ──────────────────────────────────────────────────────────────────
                      1         1.00 GFLOP    977 KiB      9.54 MiB       601 ms
                   1000         1.00 TFLOP    954 MiB      9.31 GiB      skipped
                   4096         4.10 TFLOP   3.81 GiB      38.1 GiB      skipped

                2 cells will be skipped:
                  batch=1000: ffn.conv1d: batch 1000 is unlucky
                  batch=4096: needs about 38.1 GiB, the largest device has 8.00 GiB

                """
            );
    }

    [Fact]
    public void AnEnormousPlanIsEstimatedFromASampleAndSaysSo()
    {
        var spec = Spec([.. Enumerable.Range(1, 10).Select(i => (long)i)]);
        var source = new Source(spec, size: 10_000_000);

        var plan = PlanSummary.Of(spec, source, Cpu, shown: 0, TestContext.Current.CancellationToken);

        source.Asked.ShouldBe(PlanSummary.MostLookedAt);
        plan.Cells.ShouldBe(10_000_000);
        plan.CellLaunches.ShouldBe(90_000_000);
        Terminal
            .Text(PlanView.Draw(spec, plan, Cpu), Terminal.Unfolded, colour: false)
            .ShouldContain("estimated from 100,000 of 10,000,000 points\n");
    }

    private static SweepSpec Spec(IReadOnlyList<long> batches) =>
        new()
        {
            Name = "ffn",
            Question = "Dense or Conv1d?",
            Variants =
            [
                new VariantSpec("ffn.dense", "ffn.dense", new Dictionary<string, Expression>()),
                new VariantSpec("ffn.conv1d", "ffn.conv1d", new Dictionary<string, Expression>()),
            ],
            Baseline = "ffn.dense",
            Axes =
            [
                new AxisSpec.Listed("pass", [AxisValue.Of("forward")]),
                new AxisSpec.Listed("batch", [.. batches.Select(AxisValue.Of)]),
            ],
            Design = new Design.Grid(),
        };

    /// <summary>Cells by the batch alone: batch 8 is excluded, batch 1000 refused, each costs as its batch says.</summary>
    private sealed class Source(SweepSpec spec, long? size = null) : ICellSource
    {
        private readonly IReadOnlyList<AxisValue> batches = ((AxisSpec.Listed)spec.Axes[1]).Values;

        public long Asked { get; private set; }

        public long Size { get; } = size ?? ((AxisSpec.Listed)spec.Axes[1]).Values.Count;

        public Cell? At(long index)
        {
            Asked++;
            var batch = batches[(int)(index % batches.Count)];
            return batch.Integer == 8 && size is null
                ? null
                : new Cell(
                    index,
                    new CellId($"{index:x16}"),
                    new Point(
                        ["pass", "batch", "backend", "threads"],
                        [AxisValue.Of("forward"), batch, AxisValue.Of("simulated"), AxisValue.Of(0)]
                    ),
                    [
                        .. spec.Variants.Select(v => new VariantUse(
                            v.Label,
                            v.Variant,
                            new Dictionary<string, AxisValue>()
                        )),
                    ],
                    spec.Baseline
                );
        }

        public CellCost Cost(Cell cell)
        {
            var batch = cell.Point["batch"].Number;
            return new CellCost(1e9 * batch, 1e6 * batch, 1e7 * batch);
        }

        public string? Refusal(Cell cell) =>
            cell.Point["batch"].Integer == 1000 ? "ffn.conv1d: batch 1000 is unlucky" : null;
    }
}
