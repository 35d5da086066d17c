using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Layerbench.Core.Tests.Sweeps;

/// <summary>The keywords of JSON schema (2020-12) that the sweep schema uses; any other is an error of the test.</summary>
internal static class JsonSchemaChecker
{
    private static readonly HashSet<string> Notes = ["$schema", "title", "description"];

    public static List<string> Check(JsonNode schema, JsonNode? value, string path = "$")
    {
        var problems = new List<string>();
        foreach (var (keyword, rule) in schema.AsObject())
        {
            if (!Notes.Contains(keyword) && !Holds(keyword, rule!, schema.AsObject(), value, path, problems))
            {
                problems.Add($"{path}: {keyword} {rule!.ToJsonString()}");
            }
        }

        return problems;
    }

    private static bool Holds(
        string keyword,
        JsonNode rule,
        JsonObject schema,
        JsonNode? value,
        string path,
        List<string> problems
    )
    {
        var text = value is JsonValue t && t.TryGetValue<string>(out var s) ? s : null;
        double? number = value is JsonValue n && n.TryGetValue<double>(out var d) ? d : null;
        switch (keyword)
        {
            case "type":
                return (rule is JsonArray any ? any.Select(r => (string)r!) : [(string)rule!]).Any(type =>
                    IsOf(type, value)
                );
            case "enum":
                return rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value));
            case "anyOf":
                return rule.AsArray().Any(option => Check(option!, value, path).Count == 0);
            case "pattern":
                return text is null || Regex.IsMatch(text, (string)rule!);
            case "minLength":
                return text is null || text.Length >= (int)rule;
            case "maxLength":
                return text is null || text.Length <= (int)rule;
            case "minimum":
                return number is null || number >= (double)rule;
            case "maximum":
                return number is null || number <= (double)rule;
            case "minItems":
                return value is not JsonArray || value.AsArray().Count >= (int)rule;
            case "maxItems":
                return value is not JsonArray || value.AsArray().Count <= (int)rule;
            case "uniqueItems":
                return value is not JsonArray list
                    || list.Select(i => i?.ToJsonString()).Distinct().Count() == list.Count;
            case "items":
                foreach (var (item, i) in (value as JsonArray ?? []).Select((item, i) => (item, i)))
                {
                    problems.AddRange(Check(rule, item, $"{path}[{i}]"));
                }

                return true;
            case "required":
                return value is not JsonObject o || rule.AsArray().All(name => o.ContainsKey((string)name!));
            case "minProperties":
                return value is not JsonObject || value.AsObject().Count >= (int)rule;
            case "maxProperties":
                return value is not JsonObject || value.AsObject().Count <= (int)rule;
            case "properties" or "patternProperties":
                foreach (var (name, item) in value as JsonObject ?? [])
                {
                    foreach (var (key, property) in rule.AsObject())
                    {
                        if (keyword == "properties" ? key == name : Regex.IsMatch(name, key))
                        {
                            problems.AddRange(Check(property!, item, $"{path}.{name}"));
                        }
                    }
                }

                return true;
            case "additionalProperties":
                ((bool)rule).ShouldBeFalse();
                var named = schema["properties"] as JsonObject ?? [];
                var patterned = schema["patternProperties"] as JsonObject ?? [];
                return (value as JsonObject ?? []).All(p =>
                    named.ContainsKey(p.Key) || patterned.Any(k => Regex.IsMatch(p.Key, k.Key))
                );
            default:
                throw new InvalidOperationException($"The checker does not know the keyword '{keyword}'.");
        }
    }

    private static bool IsOf(string type, JsonNode? value) =>
        type switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value is JsonValue s && s.TryGetValue<string>(out _),
            "boolean" => value is JsonValue b && b.TryGetValue<bool>(out _),
            "number" => value is JsonValue n && n.TryGetValue<double>(out _),
            "integer" => value is JsonValue n && n.TryGetValue<double>(out var d) && double.IsInteger(d),
            _ => throw new InvalidOperationException($"The checker does not know the type '{type}'."),
        };
}
