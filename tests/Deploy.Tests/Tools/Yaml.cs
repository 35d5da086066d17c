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

    private static readonly ISerializer writer = new SerializerBuilder().JsonCompatible().Build();

    public static JsonNode Read(string text) =>
        JsonNode.Parse(writer.Serialize(reader.Deserialize(new MergingParser(new Parser(new StringReader(text))))))!;

    public static JsonNode ReadFile(params string[] parts) => Read(File.ReadAllText(Repository.At(parts)));

    /// <summary>The documents of a stream, without empty ones.</summary>
    public static IReadOnlyList<JsonNode> ReadAll(string text) =>
        [
            .. text.Split("---\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(document => document.Split('\n').Any(line => line.Length > 0 && line[0] != '#'))
                .Select(Read),
        ];
}
