using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Protocol;

/// <summary>
/// How the core's records are written between processes: keys in snake_case, no nulls, ids and enumerations as texts,
/// and every closed union says which of its cases it is. Numbers that JSON lacks are the texts NaN, Infinity, -Infinity.
/// </summary>
public static class CoreJson
{
    /// <summary>Key of the case's name, in every union.</summary>
    private const string CaseKey = "case";

    private static readonly Type[] unions =
    [
        typeof(Outcome),
        typeof(CellTold),
        typeof(LeaseAnswer),
        typeof(TellAnswer),
        typeof(EngineEvent),
        typeof(SubmitAnswer),
        typeof(CommandAnswer),
    ];

    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(ProtocolJson.Options)
        {
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameCases } },
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
                new IdConverter<SweepId>(text => new(text), id => id.Value),
                new IdConverter<CellId>(text => new(text), id => id.Value),
                new IdConverter<DeviceId>(text => new(text), id => id.Value),
                new IdConverter<LeaseToken>(text => new(text), token => token.Value),
                new IdConverter<FingerprintId>(text => new(text), id => id.Value),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void NameCases(JsonTypeInfo info)
    {
        if (!unions.Contains(info.Type))
        {
            return;
        }

        var cases = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = CaseKey };
        foreach (var one in info.Type.GetNestedTypes().Where(t => t.IsSubclassOf(info.Type)))
        {
            cases.DerivedTypes.Add(new JsonDerivedType(one, JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Name)));
        }

        if (cases.DerivedTypes.Count == 0)
        {
            throw new UnreachableException($"{info.Type} is listed as a union and has no cases.");
        }

        info.PolymorphismOptions = cases;
    }

    private sealed class IdConverter<T>(Func<string, T> make, Func<T, string> text) : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            make(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is a text, not null."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(text(value));

        public override T ReadAsPropertyName(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => make(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(text(value));
    }
}
