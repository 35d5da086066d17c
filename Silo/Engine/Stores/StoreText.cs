using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>How values are written in a store's columns, the same for every database.</summary>
internal static class StoreText
{
    // The protocol's names and axis values; text unescaped, so that the tables can be read; NaN and ∞ by name.
    private static readonly JsonSerializerOptions options = new(ProtocolJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Point(IReadOnlyDictionary<string, AxisValue> point) =>
        JsonSerializer.Serialize(point, options);

    /// <summary>Axes come back in the order in which they were written.</summary>
    public static IReadOnlyDictionary<string, AxisValue> Point(string text) =>
        JsonSerializer.Deserialize<OrderedDictionary<string, AxisValue>>(text, options)!;

    public static string Labels(IReadOnlyList<string> labels) => JsonSerializer.Serialize(labels, options);

    public static IReadOnlyList<string> Labels(string text) => JsonSerializer.Deserialize<string[]>(text, options)!;

    public static string Facts(IReadOnlyList<VariantFacts> facts) => JsonSerializer.Serialize(facts, options);

    public static IReadOnlyList<VariantFacts> Facts(string text) =>
        JsonSerializer.Deserialize<VariantFacts[]>(text, options)!;

    public static string Values(IReadOnlyDictionary<string, double> values) =>
        JsonSerializer.Serialize(values, options);

    public static IReadOnlyDictionary<string, double> Values(string text) =>
        JsonSerializer.Deserialize<OrderedDictionary<string, double>>(text, options)!;

    /// <summary><c>{"accuracy": [[100, 0.51], [200, 0.98]]}</c></summary>
    public static string Series(IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> series) =>
        JsonSerializer.Serialize(
            series.Select(s => KeyValuePair.Create(s.Key, s.Value.Select(p => (double[])[p.X, p.Y]))).ToOrdered(),
            options
        );

    public static IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Series(string text) =>
        JsonSerializer
            .Deserialize<OrderedDictionary<string, double[][]>>(text, options)!
            .Select(s =>
                KeyValuePair.Create(
                    s.Key,
                    (IReadOnlyList<CurvePoint>)[.. s.Value.Select(p => new CurvePoint(p[0], p[1]))]
                )
            )
            .ToOrdered();

    private static OrderedDictionary<string, T> ToOrdered<T>(this IEnumerable<KeyValuePair<string, T>> entries) =>
        new(entries, StringComparer.Ordinal);

    /// <summary>Entries by name, so that equal sets have equal texts.</summary>
    public static string Entries(IReadOnlyDictionary<string, string> entries) =>
        JsonSerializer.Serialize(
            new SortedDictionary<string, string>(entries.ToDictionary(), StringComparer.Ordinal),
            options
        );

    public static IReadOnlyDictionary<string, string> Entries(string text) =>
        JsonSerializer.Deserialize<OrderedDictionary<string, string>>(text, options)!;

    /// <summary>Microseconds since 1970, UTC; finer parts are cut off.</summary>
    public static long Microseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static long Nanoseconds(TimeSpan duration) => checked(duration.Ticks * TimeSpan.NanosecondsPerTick);

    public static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
