using System.Text.Json;
using System.Text.Json.Serialization;

namespace Layerbench.Core.Protocol;

/// <summary>The one way in which protocol messages and catalogue descriptions are written and read: snake_case, no nulls.</summary>
public static class ProtocolJson
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = false,
            Converters = { new AxisValueConverter() },
        };

    private sealed class AxisValueConverter : JsonConverter<AxisValue>
    {
        public override AxisValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetInt64(out var n)
                    ? AxisValue.Of(n)
                    : AxisValue.Of(reader.GetDouble()),
                JsonTokenType.String => AxisValue.Of(reader.GetString()!),
                JsonTokenType.True => AxisValue.Of(true),
                JsonTokenType.False => AxisValue.Of(false),
                _ => throw new JsonException($"An axis value is a number, a text or a truth, not {reader.TokenType}."),
            };

        public override void Write(Utf8JsonWriter writer, AxisValue value, JsonSerializerOptions options)
        {
            if (value.IsInteger)
            {
                writer.WriteNumberValue(value.Integer);
            }
            else if (value.IsNumber)
            {
                writer.WriteNumberValue(value.Number);
            }
            else if (value.IsTruth)
            {
                writer.WriteBooleanValue(value.Truth);
            }
            else
            {
                writer.WriteStringValue(value.Text);
            }
        }
    }
}
