using System.Text.Json.Nodes;

namespace Layerbench.Core.Sweeps;

/// <summary>What a JSON schema is put together from; see <see cref="SweepSchema"/>.</summary>
internal static class SchemaParts
{
    private const string TimePattern = "^[0-9]+(\\.[0-9]+)? *(us|µs|ms|s|m|h)$";
    private const string SharePattern = "^[0-9]+(\\.[0-9]+)? *%$";

    public static JsonObject Text() => new() { ["type"] = "string" };

    public static JsonObject Table(IReadOnlyList<SpecKey> keys, Func<string, JsonObject> schemaOf)
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            var schema = schemaOf(key.Name);
            schema["description"] = key.Summary;
            properties[key.Name] = schema;
        }

        var table = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (keys.Any(k => k.Required))
        {
            table["required"] = Array(keys.Where(k => k.Required).Select(k => k.Name));
        }

        return table;
    }

    public static JsonObject Mapping(JsonObject value) =>
        new()
        {
            ["type"] = "object",
            ["patternProperties"] = new JsonObject { [SweepSchema.AxisPattern] = value.DeepClone() },
            ["additionalProperties"] = false,
        };

    public static JsonObject Point(bool listed)
    {
        var point = Mapping(listed ? OneOrList(Value()) : Value());
        point["minProperties"] = 1;
        return point;
    }

    public static JsonObject OneOrList(JsonObject item, int? most = null)
    {
        var list = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["items"] = item.DeepClone(),
        };
        if (most is not null)
        {
            list["maxItems"] = most;
        }

        return Either(item, list);
    }

    public static JsonObject Either(JsonObject one, JsonObject other) =>
        new() { ["anyOf"] = new JsonArray(one, other) };

    public static JsonObject Value() => new() { ["type"] = Array(["number", "string", "boolean"]) };

    public static JsonObject Expression() =>
        new()
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = Sweeps.Expression.MaximumLength,
        };

    public static JsonObject Time() => new() { ["type"] = "string", ["pattern"] = TimePattern };

    public static JsonObject Share(double least, double most) =>
        Either(
            new() { ["type"] = "string", ["pattern"] = SharePattern },
            new()
            {
                ["type"] = "number",
                ["minimum"] = least,
                ["maximum"] = most,
            }
        );

    public static JsonObject Integer(long least, long? most)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most is not null)
        {
            schema["maximum"] = most;
        }

        return schema;
    }

    public static JsonObject Names(IEnumerable<string> names) => new() { ["type"] = "string", ["enum"] = Array(names) };

    public static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
