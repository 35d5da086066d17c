using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Layerbench.Deploy.Tests.Tools;

/// <summary>YAML as JSON, with anchors and merge keys resolved.</summary>
internal static class Yaml
{
    private static readonly IDeserializer reader = new DeserializerBuilder()
        .WithAttemptingUnquotedStringTypeDeserialization()
        .Build();

    public static JsonNode Read(string text) =>
        Of(reader.Deserialize(new MergingParser(new Parser(new StringReader(text)))))
        ?? throw new InvalidDataException("The document is empty.");

    public static JsonNode ReadFile(params string[] parts) => Read(File.ReadAllText(Repository.At(parts)));

    /// <summary>The documents of a stream, without empty ones.</summary>
    public static IReadOnlyList<JsonNode> ReadAll(string text) =>
        [
            .. text.Split("---\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(document => document.Split('\n').Any(line => line.Length > 0 && line[0] != '#'))
                .Select(Read),
        ];

    private static JsonNode? Of(object? value) =>
        value switch
        {
            null => null,
            IDictionary<object, object> map => new JsonObject(
                map.Select(p => KeyValuePair.Create(p.Key.ToString()!, Of(p.Value)))
            ),
            IEnumerable<object> list => new JsonArray([.. list.Select(Of)]),
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            _ => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        };
}
