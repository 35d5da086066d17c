using System.Text.Json.Nodes;

namespace Layerbench.Deploy.Tests.Tools;

internal static class JsonPaths
{
    /// <summary>The node at <c>spec.template.metadata</c>; null where the path ends early. Names have no dots.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node switch
            {
                JsonObject o => o[name],
                JsonArray a when int.TryParse(name, out var i) && i < a.Count => a[i],
                _ => null,
            };
        }

        return node;
    }

    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    public static IReadOnlyList<JsonNode> List(this JsonNode? node, string path) =>
        node.At(path) is JsonArray array ? [.. array.OfType<JsonNode>()] : [];

    /// <summary>A map's texts, e.g. labels.</summary>
    public static IReadOnlyDictionary<string, string> Texts(this JsonNode? node, string path) =>
        node.At(path) is JsonObject map
            ? map.ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>();

    /// <summary>Every object inside, the node itself included.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) =>
        node switch
        {
            JsonObject o => o.Select(p => p.Value).SelectMany(Objects).Prepend(o),
            JsonArray a => a.SelectMany(Objects),
            _ => [],
        };
}
