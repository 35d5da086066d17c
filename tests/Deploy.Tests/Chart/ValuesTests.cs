using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>values.yaml is what a user reads, values.schema.json what is checked: they speak of the same values.</summary>
public class ValuesTests
{
    [Fact]
    public void EveryValueIsInTheSchemaAndTheOtherWayRound()
    {
        var values = Names(Yaml.ReadFile("helm", "layerbench", "values.yaml").AsObject(), "").ToList();
        var schema = JsonNode.Parse(File.ReadAllText(Repository.At("helm", "layerbench", "values.schema.json")))!;

        // `global` is Helm's own.
        Properties(schema, "").Where(p => p != "global").ShouldBe(values, ignoreOrder: true);
        values.Count.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void EveryValueHasACommentRightAboveIt()
    {
        var lines = File.ReadAllLines(Repository.At("helm", "layerbench", "values.yaml"));
        var values = Enumerable
            .Range(1, lines.Length - 1)
            .Where(i => lines[i].Contains(':', StringComparison.Ordinal) && !lines[i].TrimStart().StartsWith('#'))
            // A group's name stands for what is in it.
            .Where(i => !lines[i].EndsWith(':') && !IsQuantities(lines[i].Trim()))
            .ToList();

        values.Where(i => !lines[i - 1].TrimStart().StartsWith('#')).Select(i => lines[i]).ShouldBeEmpty();
        values.Count.ShouldBeGreaterThan(80);
    }

    private static IEnumerable<string> Names(JsonObject values, string under) =>
        values.SelectMany(v =>
            v.Value is JsonObject { Count: > 0 } group && !IsFreeForm(v.Key)
                ? Names(group, $"{under}{v.Key}.")
                : [under + v.Key]
        );

    private static IEnumerable<string> Properties(JsonNode schema, string under) =>
        schema["properties"]!
            .AsObject()
            .SelectMany(p =>
                p.Value?["properties"] is not null ? Properties(p.Value, $"{under}{p.Key}.") : [under + p.Key]
            );

    /// <summary>A map whose keys the user chooses.</summary>
    private static bool IsFreeForm(string name) => name == "resources";

    private static bool IsQuantities(string line) =>
        line.StartsWith("requests:", StringComparison.Ordinal) || line.StartsWith("limits:", StringComparison.Ordinal);
}
