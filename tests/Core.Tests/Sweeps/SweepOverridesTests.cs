using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepOverridesTests
{
    private const string Text = """
        name: base            # a comment
        variants: [ffn.dense, {variant: ffn.conv1d, label: conv}]
        axes: {batch: [1, 8], seq_len: 32, d_model: 64}
        measure:
        """;

    private static string Apply(params string[] settings)
    {
        var tree = SweepOverrides.Apply(SweepYamlTests.Read(Text), settings, out var errors);
        errors.ShouldBeEmpty();
        return SweepYamlTests.Show(tree);
    }

    private static string[] Errors(params string[] settings) =>
        [.. SweepFile.Parse(Text, settings, CatalogFixture.Create()).Result.Errors.Select(e => e.Format("f"))];

    [Fact]
    public void ASettingReplacesAddsOrReachesIntoLists()
    {
        const string variants = "variants: [ffn.dense | {variant: ffn.conv1d | label: conv}]";
        const string axes = "axes: {batch: [1 | 8] | seq_len: 32 | d_model: 64}";
        Apply("axes.batch=8,16")
            .ShouldBe(
                $"{{name: base | {variants} | axes: {{batch: [8 | 16] | seq_len: 32 | d_model: 64}} | measure: }}"
            );
        Apply("measure.launches=12", "measure.warm_up.maximum=1s", "seed=7")
            .ShouldBe(
                $"{{name: base | {variants} | {axes} | measure: {{launches: 12 | warm_up: {{maximum: 1s}}}} | seed: 7}}"
            );
        Apply("variants.1.label=c1", "pass=forward,training_step")
            .ShouldBe(
                "{name: base | variants: [ffn.dense | {variant: ffn.conv1d | label: c1}] | "
                    + $"{axes} | measure:  | pass: [forward | training_step]}}"
            );
        Apply("axes.d_ff=max(d_model, 64)", "axes.d_model={range: {from: 1, to: 3}}", "name='a,b'")
            .ShouldBe(
                "{name: q'a,b' | "
                    + variants
                    + " | axes: {batch: [1 | 8] | seq_len: 32 | d_model: {range: {from: 1 | to: 3}} | "
                    + "d_ff: max(d_model, 64)} | measure: }"
            );
    }

    [Fact]
    public void ErrorsOfSettingsAreReportedLikeTheFilesAndAfterThem() =>
        Errors(
                "axes.batch=0",
                "axs.x=1",
                "measure.launches",
                "name.first=x",
                "seed=",
                "variants.5=x",
                "where=[a",
                "pass=*x"
            )
            .ShouldBe([
                "f:4:9: measure: nothing is no mapping; give it as 'key: value' with the keys launches, max_launches, blocks, "
                    + "memory_launches, target, minimum_sample, warm_up, cell_timeout, canaries, budget, cell_budget, prune",
                "--set: axs: there is no key 'axs' here; did you mean 'axes'?",
                "--set: axes.batch: 0 is out of range; ffn.dense takes batch as an integer, at least 1",
                "--set: measure.launches: 'measure.launches' is no setting; write path=value, e.g. axes.batch=8,16",
                "--set: name.first: 'name' is a single value and has no key 'first'; set name instead",
                "--set: seed: has no value; write path=value, e.g. axes.batch=8,16",
                "--set: variants.5: '5' is no item of the list variants; give a number from 0 to 1, or set variants",
                "--set: where: '[a' is not YAML here: While parsing a flow sequence, did not find expected ',' or ']'; "
                    + "check brackets, quotes, colons and indentation",
                "--set: pass: '*x' the alias *x is not taken; write the value out (quote a text that begins with *)",
            ]);

    [Fact]
    public void TheEffectiveTextGivesTheSameSpecAgain()
    {
        var catalog = CatalogFixture.Create();
        string[] settings = ["axes.batch=8,16", "measure.target=3%", "exclude=['batch > 8 and d_model > 64']"];
        var first = SweepFile.Parse(Text, settings, catalog);
        first.Result.Errors.ShouldBeEmpty();
        var second = SweepFile.Parse(first.EffectiveText.ShouldNotBeNull(), [], catalog);
        second.Result.Errors.ShouldBeEmpty();
        second.EffectiveText.ShouldBe(first.EffectiveText);
        second.Result.Spec!.Measure.ShouldBe(first.Result.Spec!.Measure with { TargetHalfWidth = 0.03 });
        Ids(second.Result.Spec).ShouldBe(Ids(first.Result.Spec));

        string[] Ids(SweepSpec spec)
        {
            var plan = SweepPlan.Create(spec, catalog);
            return [.. Enumerable.Range(0, (int)plan.Size).Select(i => plan.At(i)?.Id.Value ?? "-")];
        }
    }
}
