using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepBinderTests
{
    private const string Least = "name: x\nvariants: [ffn.dense]\naxes: {batch: 8, seq_len: 32, d_model: 64}\n";

    private static string[] Values(SweepSpec spec, string axis) =>
        spec.Axes.First(a => a.Name == axis) is AxisSpec.Listed listed
            ? [.. listed.Values.Select(v => v.Canonical)]
            : [];

    [Fact]
    public void TheLeastSweepHasTheseDefaults()
    {
        var spec = Bound.Spec(Least);
        spec.Name.ShouldBe("x");
        spec.Question.ShouldBeNull();
        spec.Baseline.ShouldBe("ffn.dense");
        spec.Axes.Select(a => a.Name)
            .ShouldBe(["pass", "backend", "dtype", "threads", "batch", "seq_len", "d_model", "d_ff"]);
        Values(spec, "pass").ShouldBe(["forward"]);
        Values(spec, "backend").ShouldBe(["torchsharp"]);
        Values(spec, "dtype").ShouldBe(["float32"]);
        Values(spec, "threads").ShouldBe(["0"]);
        ((AxisSpec.Derived)spec.Axes[7]).Expression.Text.ShouldBe("4*d_model");
        spec.Design.ShouldBe(new Design.Grid());
        spec.Measure.ShouldBe(new MeasureSpec());
        spec.Devices.ShouldBe(["auto"]);
        spec.Seed.ShouldBe(1UL);
    }

    [Fact]
    public void EveryKeyOfAWholeSweepIsRead()
    {
        var spec = Bound.Spec(
            """
            name: whole
            question: Dense or Conv1D?
            variants: [ffn.dense, {variant: ffn.dense, label: wide, with: {d_ff: 8*d_model}}, ffn.conv1d]
            baseline: wide
            pass: [forward, seed_epoch]
            backend: [torchsharp, pytorch]
            dtype: [float32, bfloat16]
            threads: [1, 2, all]
            axes:
              batch: [1, 8]
              seq_len: {range: {from: 16, to: 60, step: 16}}
              d_model: {log_range: {from: 64, to: 4096, count: 7}}
              ratio: [2, 4]
              d_ff: ratio*d_model
              samples: 1024
              state: reset
            where: ["d_model % 64 == 0"]
            exclude: ["batch * seq_len > 65536", {batch: 1, pass: [forward, seed_epoch], threads: all}]
            design: {latin_hypercube: {count: 100}}
            measure: {launches: 12, blocks: 7, memory_launches: 0, target: 1.5%, minimum_sample: 500us, warm_up: {minimum: 0s, maximum: 1.5s}, cell_timeout: 1h, canaries: false, budget: 30m, cell_budget: 2m, prune: {rungs: 2, keep: 1/4}}
            devices: ["cpu:0-1", "cuda:*"]
            cluster: {priority: -5, devices_at_most: 4, needs: "kind=cuda, model=H100, memory=40GiB", failure_budget: 5%}
            seed: 18446744073709551615
            limits: {cells: 100}
            """
        );
        spec.Variants.Select(v => v.Label).ShouldBe(["ffn.dense", "wide", "ffn.conv1d"]);
        spec.Variants[1].With["d_ff"].Text.ShouldBe("8*d_model");
        spec.Baseline.ShouldBe("wide");
        Values(spec, "threads").ShouldBe(["1", "2", "0"]);
        Values(spec, "seq_len").ShouldBe(["16", "32", "48"]);
        Values(spec, "d_model").ShouldBe(["64", "128", "256", "512", "1024", "2048", "4096"]);
        Values(spec, "state").ShouldBe(["reset"]);
        spec.Conditions.Select(c => c.Text)
            .ShouldBe([
                "d_model % 64 == 0",
                "not (batch * seq_len > 65536)",
                "not (batch == 1 and pass in ['forward', 'seed_epoch'] and threads == 0)",
            ]);
        spec.Design.ShouldBe(new Design.LatinHypercube(100));
        spec.Measure.ShouldBe(
            new MeasureSpec
            {
                Launches = 12,
                Blocks = 7,
                MemoryLaunches = 0,
                TargetHalfWidth = 0.015,
                MinimumSample = TimeSpan.FromMicroseconds(500),
                WarmUpMinimum = TimeSpan.Zero,
                WarmUpMaximum = TimeSpan.FromSeconds(1.5),
                CellTimeout = TimeSpan.FromHours(1),
                Canaries = false,
                SweepBudget = TimeSpan.FromMinutes(30),
                CellBudget = TimeSpan.FromMinutes(2),
                Prune = new PruneSpec { Rungs = 2, Keep = 0.25 },
            }
        );
        spec.Devices.ShouldBe(["cpu:0-1", "cuda:*"]);
        (spec.Cluster.Priority, spec.Cluster.MaximumDevices).ShouldBe((-5, 4));
        spec.Cluster.Needs!.Kinds.ShouldBe(["cuda"]);
        (spec.Cluster.Needs.Model, spec.Cluster.Needs.MinimumMemoryBytes).ShouldBe(("H100", 40L << 30));
        spec.Cluster.Failures.ShouldBe(new FailureBudget(Share: 0.05));
        spec.Seed.ShouldBe(ulong.MaxValue);
    }

    [Theory]
    [InlineData("{range: {from: 0, to: 0.9, step: 0.3}}", "0 0.3 0.6 0.9")]
    [InlineData("{range: {from: 1, to: 3}}", "1 2 3")]
    [InlineData("{log_range: {from: 1, to: 1000, count: 4}}", "1 10 100 1000")]
    [InlineData("{log_range: {from: 2, to: 100, base: 3}}", "2 6 18 54")]
    [InlineData("{log_range: {from: 1, to: 10, count: 3}}", "1 3 10")]
    [InlineData("{log_range: {from: 0.001, to: 0.1, count: 3}}", "0.001 0.01 0.1")]
    [InlineData("{log_range: {from: 0.5, to: 8, base: 4}}", "0.5 2 8")]
    [InlineData("[2.0, 1, 1e1]", "2 1 10")]
    [InlineData("[true, false]", "true false")]
    [InlineData("['8', other]", "8 other")]
    [InlineData("2**10", "1024")]
    [InlineData("fast", "fast")]
    [InlineData("-3", "-3")]
    public void AnAxisHasTheseValues(string axis, string expected)
    {
        var spec = Bound.Spec(
            Least.Replace("64}", $"64, helper: {axis}}}", StringComparison.Ordinal) + "where: helper == helper\n"
        );
        string.Join(' ', Values(spec, "helper")).ShouldBe(expected);
    }

    [Fact]
    public void AutoTakesTorchSharpThenPyTorchAndElseSaysWhatToInstall()
    {
        string Backend(params string[] names) =>
            Values(Bound.Spec(Least, CatalogFixture.Of([.. names.Select(CatalogFixture.Backend)])), "backend")[0];
        Backend("simulated", "pytorch", "torchsharp").ShouldBe("torchsharp");
        Backend("simulated", "pytorch").ShouldBe("pytorch");
        Bound
            .Errors(Least, CatalogFixture.Of(CatalogFixture.Simulated()))
            .ShouldBe([
                "f:1:1: backend: 'auto' found neither torchsharp nor pytorch (here: simulated); install one of them "
                    + "('layerbench doctor' says how) or name another",
            ]);
    }

    [Fact]
    public void WithoutAnyBackendEveryErrorStillSaysWhatIsWrong() =>
        Bound
            .Errors(Least, CatalogFixture.Of())
            .ShouldBe([
                "f:1:1: backend: 'auto' found neither torchsharp nor pytorch; install one of them ('layerbench doctor' "
                    + "says how) or name another",
                "f:1:1: pass: there is no pass 'forward'",
                "f:1:1: dtype: there is no dtype 'float32' here",
                "f:2:12: variants[0]: there is no variant 'ffn.dense'; no backend was found (`layerbench doctor` says why)",
            ]);

    [Fact]
    public void AVariantThatNoChosenBackendHasIsAnErrorAndThatOneOfSeveralLacksIsNot()
    {
        const string text = "name: x\nvariants: [mix.attention]\naxes: {batch: 8, seq_len: 32, d_model: 64}\n";
        Bound
            .Errors(text + "backend: simulated\n")
            .ShouldBe([
                "f:2:12: variants[0]: simulated cannot run 'mix.attention'; use one of ffn.dense, ffn.conv1d, "
                    + "ffn.keras_block, ffn.residual_relu",
            ]);
        var plan = Bound.Plan(text + "backend: [simulated, pytorch]\n");
        Bound.Cells(plan).Select(plan.Refusal).ShouldBe(["simulated has no variant mix.attention", null]);
    }

    [Fact]
    public void ADtypeThatOneOfSeveralBackendsLacksIsRefusedThere()
    {
        var plan = Bound.Plan(Least + "backend: [simulated, pytorch]\ndtype: [float32, float64]\n");
        Bound.Cells(plan).Select(plan.Refusal).ShouldBe([null, "simulated has no dtype float64", null, null]);
    }

    [Fact]
    public void ADefaultThatIsAnExpressionCanTakePartInACycle() =>
        Bound
            .Errors(Least.Replace("64}", "d_ff}", StringComparison.Ordinal))
            .ShouldBe([
                "f:3:31: axes.d_model: the expressions need each other in a circle: d_model -> d_ff -> d_model "
                    + "(d_model = d_ff, d_ff = 4*d_model); give one of them values",
            ]);

    [Fact]
    public void ALargePlanOfWhichTheFirstPointIsRefusedIsNoError()
    {
        const string text =
            "name: x\nvariants: [mix.attention]\naxes: {batch: {range: {from: 1, to: 1001}}, seq_len: 32, d_model: 100, heads: 3}\n";
        var plan = Bound.Plan(text);
        plan.Refusal(plan.At(0)!).ShouldBe("mix.attention: d_model must be divisible by heads (d_model % heads == 0)");
    }

    [Fact]
    public void TenThousandErrorsAreFoundWithoutDelay()
    {
        var text =
            "name: x\nvariants: [ffn.dense]\naxes:\n  batch: ["
            + string.Join(", ", Enumerable.Repeat("-1", 10_000))
            + "]\n";
        Bound.Errors(text).Length.ShouldBe(10_002);
    }
}
