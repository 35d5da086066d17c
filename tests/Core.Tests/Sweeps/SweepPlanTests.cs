using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepPlanTests
{
    private const string Head = "name: x\nvariants: [ffn.dense, ffn.conv1d]\n";

    [Fact]
    public void AGridHasEveryPointExactlyOnceTheLastAxisFastest()
    {
        var plan = Bound.Plan(
            Head + "pass: [forward, training_step]\naxes: {batch: [1, 8], seq_len: 32, d_model: [64, 128, 256]}\n"
        );
        plan.Size.ShouldBe(12);
        plan.Count.ShouldBe(12);
        Bound
            .Points(plan, "pass", "batch", "d_model")
            .ShouldBe([
                "forward/1/64",
                "forward/1/128",
                "forward/1/256",
                "forward/8/64",
                "forward/8/128",
                "forward/8/256",
                "training_step/1/64",
                "training_step/1/128",
                "training_step/1/256",
                "training_step/8/64",
                "training_step/8/128",
                "training_step/8/256",
            ]);
        Bound.Cells(plan).Select(c => c.Id).Distinct().Count().ShouldBe(12);
        Bound.Cells(plan).Select(c => c.Index).ShouldBe(Enumerable.Range(0, 12).Select(i => (long)i));
    }

    [Fact]
    public void ACellHasItsPointAndEveryParameterResolved()
    {
        var plan = Bound.Plan(
            """
            name: x
            variants: [ffn.dense, {variant: ffn.keras_block, label: wide, with: {d_ff: 2*d_ff, dropout: 0.5}}]
            baseline: wide
            pass: seed_epoch
            threads: 2
            axes: {batch: 8, seq_len: 32, d_model: 64, samples: 100}
            """
        );
        var cell = plan.At(0).ShouldNotBeNull();
        cell.Point.ToString()
            .ShouldBe(
                "pass=seed_epoch backend=torchsharp dtype=float32 threads=2 batch=8 seq_len=32 d_model=64 samples=100 "
                    + "d_ff=256 state=continue data=device"
            );
        cell.Baseline.ShouldBe("wide");
        string[] shown =
        [
            .. cell.Variants.Select(v =>
                $"{v.Label} {v.Variant} {string.Join(' ', v.Parameters.Select(p => $"{p.Key}={p.Value}"))}"
            ),
        ];
        shown.ShouldBe([
            "ffn.dense ffn.dense batch=8 d_ff=256 d_model=64 data=device samples=100 seq_len=32 state=continue",
            "wide ffn.keras_block batch=8 d_ff=512 d_model=64 data=device dropout=0.5 samples=100 seq_len=32 state=continue",
        ]);
        plan.Refusal(cell).ShouldBeNull();
    }

    /// <summary>
    /// Two runs are joined by these names. A change here makes every stored result a stranger: then the first line of
    /// the hashed text must change with it, and docs/sweep-files.md.
    /// </summary>
    [Fact]
    public void ACellsNameIsTheHashOfItsDocumentedText()
    {
        var cell = Bound.Plan(Head + "axes: {batch: 8, seq_len: 32, d_model: 64}\n").At(0).ShouldNotBeNull();
        const string text = """
            layerbench cell 1
            backend=torchsharp
            batch=8
            d_ff=256
            d_model=64
            dtype=float32
            pass=forward
            seq_len=32
            threads=0
            variant ffn.dense
            ffn.dense
            batch=8
            d_ff=256
            d_model=64
            seq_len=32
            variant ffn.conv1d
            ffn.conv1d
            batch=8
            d_ff=256
            d_model=64
            seq_len=32
            baseline ffn.dense

            """;
        var hash = System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))
        );
        cell.Id.Value.ShouldBe(Convert.ToHexStringLower(hash)[..16]);
        cell.Id.Value.ShouldBe("8ed6642932506d7e");
    }

    [Fact]
    public void TheOrderOfAxesDoesNotChangeNamesButTheBaselineDoes()
    {
        string Id(string rest) => Bound.Plan(Head + rest).At(0)!.Id.Value;
        var id = Id("axes: {batch: 8, seq_len: 32, d_model: 64}\n");
        Id("axes: {d_model: 64, d_ff: 256, seq_len: 2**5, batch: 8}\nseed: 9\n").ShouldBe(id);
        Id("axes: {batch: 8, seq_len: 32, d_model: 64}\nbaseline: ffn.conv1d\n").ShouldNotBe(id);
    }

    [Fact]
    public void ConditionsLeaveOutPointsAndTheRestIsCounted()
    {
        var plan = Bound.Plan(
            Head
                + """
                axes: {batch: [1, 8, 64], seq_len: [16, 32], d_model: [64, 100]}
                where: d_model % 64 == 0
                exclude: [batch * seq_len > 1024, {batch: 1, seq_len: [16, 17]}]
                """
        );
        plan.Size.ShouldBe(12);
        plan.Count.ShouldBe(4);
        Bound.Points(plan, "batch", "seq_len").ShouldBe(["1/32", "8/16", "8/32", "64/16"]);
    }

    [Fact]
    public void AZipTakesTheNthValuesTogether() =>
        Bound
            .Points(
                Bound.Plan(Head + "axes: {batch: [1, 8, 64], seq_len: 32, d_model: [64, 128, 256]}\ndesign: zip\n"),
                "batch",
                "seq_len",
                "d_model",
                "d_ff"
            )
            .ShouldBe(["1/32/64/256", "8/32/128/512", "64/32/256/1024"]);

    [Fact]
    public void OneAtATimeHasTheCentreOnceWhetherOrNotItIsAmongTheValues()
    {
        const string axes =
            "axes: {batch: [1, 8, 64], seq_len: [16, 32], d_model: 64}\ndesign: {one_at_a_time: {centre: ";
        Bound
            .Points(Bound.Plan(Head + axes + "{batch: 8, seq_len: 16}}}\n"), "batch", "seq_len", "d_model")
            .ShouldBe(["8/16/64", "1/16/64", "64/16/64", "8/32/64"]);
        Bound
            .Points(Bound.Plan(Head + axes + "{batch: 9, seq_len: 20, d_model: 32}}}\n"), "batch", "seq_len", "d_model")
            .ShouldBe(["9/20/32", "1/20/32", "8/20/32", "64/20/32", "9/16/32", "9/32/32", "9/20/64"]);
    }

    [Fact]
    public void AListHasItsPointsAndCanBringAxesOfItsOwn()
    {
        var plan = Bound.Plan(
            Head
                + "pass: [forward, training_step]\naxes: {seq_len: 32, batch: 4}\n"
                + "design: {list: [{d_model: 64, pass: forward}, {d_model: 128, pass: training_step}]}\n"
        );
        Bound
            .Points(plan, "pass", "batch", "seq_len", "d_model")
            .ShouldBe(["forward/4/32/64", "training_step/4/32/128"]);
        plan.Spec.Axes.OfType<AxisSpec.Listed>()
            .First(a => a.Name == "d_model")
            .Values.Select(v => v.Integer)
            .ShouldBe([64, 128]);
    }

    [Fact]
    public void ARandomDesignDrawsFromTheGridWithoutRepetitionByTheSeed()
    {
        const string axes =
            "axes: {batch: {range: {from: 1, to: 100}}, seq_len: {range: {from: 1, to: 100}}, d_model: 64}\ndesign: {random: {count: ";
        string[] Drawn(int count, int seed) =>
            Bound.Points(Bound.Plan($"{Head}{axes}{count}}}}}\nseed: {seed}\n"), "batch", "seq_len");
        Drawn(500, 1).Distinct().Count().ShouldBe(500);
        Drawn(10_000, 1).Distinct().Count().ShouldBe(10_000);
        Drawn(20, 1).ShouldBe(Drawn(500, 1)[..20]);
        Drawn(20, 2).ShouldNotBe(Drawn(20, 1));
    }

    [Fact]
    public void ARandomDesignDrawsFromAGridThatCouldNeverBeRun()
    {
        const string all = "{range: {from: 1, to: 1000}}";
        var plan = Bound.Plan(
            $"{Head}axes: {{batch: {all}, seq_len: {all}, d_model: {all}, d_ff: {all}}}\ndesign: {{random: {{count: 100}}}}\n"
        );
        plan.Size.ShouldBe(100);
        Bound.Cells(plan).Select(c => c.Id).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public void ALatinHypercubeCoversEachAxisEvenlyAndRepeatsNoCell()
    {
        var plan = Bound.Plan(
            Head
                + "axes: {batch: {range: {from: 1, to: 20}}, seq_len: {range: {from: 1, to: 10}}, d_model: 64}\n"
                + "design: {latin_hypercube: {count: 20}}\n"
        );
        var cells = Bound.Cells(plan);
        cells.Length.ShouldBe(20);
        cells.Select(c => c.Point["batch"].Integer).Order().ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        cells.GroupBy(c => c.Point["seq_len"].Integer).Select(g => g.Count()).ShouldBe(Enumerable.Repeat(2, 10));

        var crowded = Bound.Plan(
            Head + "axes: {batch: [1, 2, 3], seq_len: [1, 2, 3], d_model: 64}\ndesign: {latin_hypercube: {count: 9}}\n"
        );
        Bound.Cells(crowded).Length.ShouldBe((int)crowded.Count!.Value);
        Bound.Cells(crowded).Select(c => c.Id).Distinct().Count().ShouldBe((int)crowded.Count.Value);
    }

    [Fact]
    public void APointThatCannotBeComputedIsACellThatIsRefusedWithTheReason()
    {
        var plan = Bound.Plan(
            Head + "axes: {batch: 8, seq_len: 32, d_model: 64, ratio: [1, 0, 3, -1], d_ff: d_model / ratio}\n"
        );
        plan.Count.ShouldBe(4);
        var cells = Bound.Cells(plan);
        cells[1].Point.Find("d_ff").ShouldBeNull();
        cells[1].Pass.ShouldBe("forward");
        cells.Select(c => c.Id).Distinct().Count().ShouldBe(4);
        cells
            .Select(plan.Refusal)
            .ShouldBe([
                null,
                "d_ff: 'd_model / ratio': divides 64 by zero; exclude the point or change the divisor",
                "d_ff: 21.333333333333332 is no integer; ffn.dense takes d_ff as an integer, at least 1",
                "d_ff: -64 is out of range; ffn.dense takes d_ff as an integer, at least 1",
            ]);
        cells.Select(c => plan.Cost(c).Flops).ShouldBe([2 * 4.0 * 8 * 32 * 64 * 64, 0, 0, 0]);
    }

    [Fact]
    public void ACostIsThatOfThePassAndTheDtype()
    {
        var plan = Bound.Plan(
            "name: x\nvariants: [ffn.dense, {variant: ffn.dense, label: wide, with: {d_ff: 512}}]\n"
                + "pass: [forward, training_step, seed_epoch]\ndtype: [float32, bfloat16]\n"
                + "axes: {batch: 8, seq_len: 32, d_model: 64, samples: 80}\n"
        );
        const double flops = 4.0 * 8 * 32 * 64 * (256 + 512);
        const double narrow = 4.0 * ((2 * 8 * 32 * 64) + (2 * 8 * 32 * 256) + (2 * 64 * 256));
        const double wide = 4.0 * ((2 * 8 * 32 * 64) + (2 * 8 * 32 * 512) + (2 * 64 * 512));
        var costs = Bound.Cells(plan).Select(plan.Cost).ToArray();
        costs.Select(c => c.Flops).ShouldBe([flops, flops, 3 * flops, 3 * flops, 30 * flops, 30 * flops]);
        costs.Select(c => c.Bytes / (narrow + wide)).ShouldBe([1, 0.5, 3, 1.5, 30, 15]);
        costs.Select(c => c.PeakBytes / wide).ShouldBe([1, 0.5, 4, 2, 4, 2]);
    }

    [Theory]
    [InlineData("float64", 8)]
    [InlineData("float32", 4)]
    [InlineData("bfloat16", 2)]
    [InlineData("float8_e4m3fn", 1)]
    public void AnElementHasThisManyBytes(string dtype, int bytes) => SweepPlan.ElementBytes(dtype).ShouldBe(bytes);

    [Fact]
    public void APlanOfTenMillionCellsTakesKilobytesAndAnswersAnywhere()
    {
        const string all = "{range: {from: 1, to: 1000}}";
        var text =
            $"{Head}axes: {{batch: {{range: {{from: 1, to: 10}}}}, seq_len: {all}, d_model: {all}}}\nwhere: batch > 0\n";
        var spec = Bound.Spec(text) with { Controls = ControlSpec.None };
        var catalog = CatalogFixture.Create();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var plan = SweepPlan.Create(spec, catalog);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
        plan.Size.ShouldBe(10_000_000);
        plan.Count.ShouldBeNull();
        plan.At(9_999_999)!.Point.ToString().ShouldEndWith("batch=10 seq_len=1000 d_model=1000 d_ff=4000");
        Should.Throw<ArgumentOutOfRangeException>(() => plan.At(10_000_000));
        Should.Throw<ArgumentOutOfRangeException>(() => plan.At(-1));
    }
}
