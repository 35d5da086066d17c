using System.Globalization;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>Values that may be missing, and axis values, under a key.</summary>
internal static class JsonValues
{
    /// <summary>The key <c>point</c>: values by axis.</summary>
    public static void Point(Utf8JsonWriter json, IReadOnlyDictionary<string, AxisValue> point)
    {
        json.WriteStartObject("point");
        foreach (var (axis, value) in point)
        {
            Value(json, axis, value);
        }

        json.WriteEndObject();
    }

    public static void Value(Utf8JsonWriter json, string axis, AxisValue value)
    {
        if (value.IsInteger)
        {
            json.WriteNumber(axis, value.Integer);
        }
        else if (value.IsNumber)
        {
            json.WriteNumber(axis, value.Number);
        }
        else if (value.IsTruth)
        {
            json.WriteBoolean(axis, value.Truth);
        }
        else
        {
            json.WriteString(axis, value.Text);
        }
    }

    public static void Number(Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(key, number);
        }
        else
        {
            json.WriteNull(key);
        }
    }

    public static void Number(Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(key, number);
        }
        else
        {
            json.WriteNull(key);
        }
    }

    /// <summary>To so many digits (<c>G12</c>, <c>E5</c>), so that one store gives the same bytes; null where it is no finite number.</summary>
    public static void Rounded(Utf8JsonWriter json, string key, double? value, string format) =>
        Number(
            json,
            key,
            value is { } number && double.IsFinite(number)
                ? double.Parse(number.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                : (double?)null
        );

    /// <summary>Curves by name: lists of [x, y].</summary>
    public static void Curves(
        Utf8JsonWriter json,
        string key,
        IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> curves
    )
    {
        json.WriteStartObject(key);
        foreach (var (name, points) in curves)
        {
            json.WriteStartArray(name);
            foreach (var (x, y) in points)
            {
                json.WriteStartArray();
                json.WriteNumberValue(x);
                json.WriteNumberValue(y);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void Truth(Utf8JsonWriter json, string key, bool? value)
    {
        if (value is { } truth)
        {
            json.WriteBoolean(key, truth);
        }
        else
        {
            json.WriteNull(key);
        }
    }
}
