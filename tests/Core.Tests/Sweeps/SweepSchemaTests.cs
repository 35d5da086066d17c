using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(SweepSchema.Write(CatalogFixture.Create()))!.AsObject();

    /// <summary>A sweep that has every mapping that the schema has a table for, so that each key can be put to the binder.</summary>
    private static readonly (string At, IReadOnlyList<SpecKey> Keys, string Sweep)[] Tables =
    [
        ("", SweepKeys.Root, "KEY"),
        ("variants[0]", SweepKeys.Variant, "variants: [{KEY}]"),
        ("axes.batch", SweepKeys.AxisForms, "axes: {batch: {KEY}}"),
        ("axes.batch.range", SweepKeys.Range, "axes: {batch: {range: {KEY}}}"),
        ("axes.batch.log_range", SweepKeys.LogRange, "axes: {batch: {log_range: {KEY}}}"),
        ("design", SweepKeys.Designs, "design: {KEY}"),
        ("design.one_at_a_time", SweepKeys.OneAtATime, "design: {one_at_a_time: {KEY}}"),
        ("design.random", SweepKeys.Count, "design: {random: {KEY}}"),
        ("design.latin_hypercube", SweepKeys.Count, "design: {latin_hypercube: {KEY}}"),
        ("controls", SweepKeys.Controls, "controls: {KEY}"),
        ("measure", SweepKeys.Measure, "measure: {KEY}"),
        ("measure.warm_up", SweepKeys.WarmUp, "measure: {warm_up: {KEY}}"),
        ("headline[0]", SweepKeys.Headline, "headline: [{KEY}]"),
        ("measure.prune", SweepKeys.Prune, "measure: {prune: {KEY}}"),
        ("plugins[0]", SweepKeys.PlugIn, "plugins: [{KEY}]"),
        ("match", SweepKeys.Match, "{variants: [ffn.dense, ffn.conv1d], match: {KEY}}"),
        ("cluster", SweepKeys.Cluster, "cluster: {KEY}"),
        ("limits", SweepKeys.Limits, "limits: {KEY}"),
    ];

    public static TheoryData<string, string, string> Keys =>
        [.. Tables.SelectMany(t => t.Keys.Select(k => (t.At, k.Name, t.Sweep)))];

    [Theory]
    [MemberData(nameof(Keys))]
    public void TheBinderReadsEveryKeyOfTheTables(string at, string key, string sweep)
    {
        // No key takes a list of lists of a mapping, so a key that is read is complained of, and not as unknown.
        var path = at.Length == 0 ? key : $"{at}.{key}";
        var errors = SweepFile
            .Parse(
                sweep.Replace("KEY", $"{key}: [[{{'?': [[]]}}]]", StringComparison.Ordinal),
                [],
                CatalogFixture.Create()
            )
            .Result.Errors.Where(e => e.Path.StartsWith(path, StringComparison.Ordinal))
            .ToArray();
        errors.ShouldNotBeEmpty();
        errors.ShouldAllBe(e => !e.Message.StartsWith("there is no key", StringComparison.Ordinal));
    }

    [Fact]
    public void TheSchemasTablesAreTheBindersTables()
    {
        var found = new List<string>();
        Collect(Schema, found);
        var expected = Tables.Select(t => Show(t.Keys.Select(k => k.Name))).Append(AxisNames);
        found.Distinct().Order(StringComparer.Ordinal).ShouldBe(expected.Distinct().Order(StringComparer.Ordinal));
    }

    private const string AxisNames = "batch d_ff d_model data depth dropout heads samples seq_len state";

    private static string Show(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    private static void Collect(JsonNode? node, List<string> found)
    {
        if (node is JsonObject mapping)
        {
            if (mapping["properties"] is JsonObject table)
            {
                found.Add(Show(table.Select(p => p.Key)));
                mapping["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
            }

            foreach (var (_, value) in mapping)
            {
                Collect(value, found);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Collect(item, found);
            }
        }
    }

    /// <summary>The ready sweeps whose variants and passes this catalogue has; the schema knows no other names.</summary>
    public static TheoryData<string> Examples =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, "sweeps"), "*.yaml")
                .Where(f => SweepFile.Load(f, [], CatalogFixture.Create()).IsValid)
                .Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void SomeOfTheReadySweepsAreHeldToTheSchema() => Examples.Count.ShouldBeGreaterThanOrEqualTo(5);

    [Theory]
    [MemberData(nameof(Examples))]
    public void EveryReadySweepSatisfiesTheSchema(string name)
    {
        // Names of variants and passes come from the workers; Cli.Tests holds ready sweeps to those.
        var text = File.ReadAllText(Path.Combine(Repository.Root, "sweeps", name));
        var dense = CatalogFixture.Backend("pytorch").Variants[0];
        var forward = CatalogFixture.Backend("pytorch").Passes[0];
        var backend = CatalogFixture.Backend("pytorch") with
        {
            Variants = [.. Named(text, @"\b(ffn|mix|net)\.[a-z0-9_]+").Select(n => dense with { Name = n })],
            Passes = [.. Named(text, "[a-z_]+").Select(n => forward with { Name = n })],
        };
        var schema = JsonNode
            .Parse(SweepSchema.Write(new([backend, backend with { Backend = "torchsharp" }])))!
            .AsObject();
        JsonSchemaChecker.Check(schema, Json(SweepYamlTests.Read(text))).ShouldBeEmpty();

        static IEnumerable<string> Named(string text, string pattern) =>
            Regex.Matches(text, pattern).Select(m => m.Value).Distinct(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("match: flops")]
    [InlineData("match: {by: flops, adjust: {'a label': d_ff}, within: 5%}")]
    [InlineData("cluster: {failure_budget: 20, needs: 'kind=cuda, kind=cpu,memory=1.5GiB'}")]
    [InlineData("plugins: [a.py, {file: b.dll, sha256: '0'}]")]
    public void TheSchemaTakesTheShortFormsAndTheLong(string keys) =>
        JsonSchemaChecker
            .Check(Schema, Json(SweepYamlTests.Read($"name: x\nvariants: [ffn.dense, ffn.conv1d]\n{keys}")))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("name: x", "$: required [\"name\",\"variants\"]")]
    [InlineData("name: 'a b'\nvariants: ffn.dense", "$.name: pattern \"^[A-Za-z0-9._-]{1,64}$\"")]
    [InlineData("name: x\nvariants: ffn.dense\nmesure: {}", "$: additionalProperties false")]
    [InlineData("name: x\nvariants: ffn.dense\nmeasure: {blocks: 0}", "$.measure.blocks: minimum 1")]
    [InlineData("name: x\nvariants: ffn.dense\nmeasure: {budget: 5}", "$.measure.budget: type \"string\"")]
    public void TheSchemaRefusesWhatTheBinderRefuses(string text, string problem)
    {
        JsonSchemaChecker.Check(Schema, Json(SweepYamlTests.Read(text))).ShouldBe([problem]);
        Bound.Errors(text).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("variants: [ffn.dnese]")]
    [InlineData("pass: foward")]
    [InlineData("backend: tensorflow")]
    [InlineData("dtype: float7")]
    [InlineData("design: gird")]
    [InlineData("design: {random: {count: 1}, list: [{batch: 1}]}")]
    [InlineData("axes: {batch: []}")]
    [InlineData("axes: {batch: [1, 1]}")]
    [InlineData("axes: {batch: {range: {from: 1}}}")]
    [InlineData("axes: {Batch: 1}")]
    [InlineData("threads: 0")]
    [InlineData("devices: tpu")]
    [InlineData("measure: {target: 2}")]
    [InlineData("cluster: {priority: 1001}")]
    [InlineData("cluster: {needs: kind=tpu}")]
    [InlineData("cluster: {failure_budget: many}")]
    public void NamesAndFormsThatTheCatalogueLacksAreNotInTheSchema(string line)
    {
        const string rest = "name: x\nvariants: [ffn.dense]\naxes: {batch: 8, seq_len: 32, d_model: 64}\n";
        var whole = SweepYamlTests.Read(rest);
        JsonSchemaChecker.Check(Schema, Json(whole)).ShouldBeEmpty();
        var key = line.Split(':')[0];
        var kept = string.Concat(rest.Split('\n').Where(l => l.Split(':')[0] != key).Select(l => l + "\n"));
        JsonSchemaChecker.Check(Schema, Json(SweepYamlTests.Read(kept + line))).ShouldNotBeEmpty();
        Bound.Errors(kept + line).ShouldNotBeEmpty();
    }

    /// <summary>As an editor reads it: plain scalars by YAML's core schema.</summary>
    private static JsonNode? Json(SpecNode node) =>
        node switch
        {
            SpecNode.Scalar { Quoted: true } s => JsonValue.Create(s.Text),
            SpecNode.Scalar { Text: "true" or "false" } s => JsonValue.Create(s.Text == "true"),
            SpecNode.Scalar s when double.TryParse(s.Text, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            SpecNode.Scalar { Text: "" } => null,
            SpecNode.Scalar s => JsonValue.Create(s.Text),
            SpecNode.Sequence l => new JsonArray([.. l.Items.Select(Json)]),
            SpecNode.Mapping m => new JsonObject(m.Entries.Select(e => KeyValuePair.Create(e.Key.Text, Json(e.Value)))),
            _ => throw new InvalidOperationException(),
        };
}
