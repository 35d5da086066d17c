using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Report.Page;

/// <summary>A report's data for its script; the shape is that of <c>app/src/data.ts</c>. Numbers have five digits, which is finer than any pixel.</summary>
internal static class ReportJson
{
    // Escapes < > & and quotes in every text, so that no </script> or <!-- can end the block it stands in.
    private static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static async Task WriteAsync(Stream stream, ReportData data, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(stream, options);
        var labels = data.Labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        var places = data.Axes.ToDictionary(
            a => a.Name,
            a => a.Values.Index().ToDictionary(v => v.Item, v => v.Index),
            StringComparer.Ordinal
        );
        DateTimeOffset? origin = data
            .Cells.SelectMany(c => c.Launches)
            .Select(l => l.StartedAt)
            .Concat(data.Canaries.Select(c => c.At))
            .Cast<DateTimeOffset?>()
            .Min();
        json.WriteStartObject();
        json.WriteString("title", data.Title);
        json.WriteBoolean("comparison", data.IsComparison);
        json.WriteString("detail", data.Detail.ToString().ToLowerInvariant());
        json.WriteNumber("margin", data.Rule.Margin);
        Texts(json, "labels", data.Labels);
        Axes(json, data);
        json.WriteStartArray("cells");
        foreach (var cell in data.Cells)
        {
            CellJson.Write(json, cell, data.Axes, labels, places, origin ?? default);
            if (json.BytesPending > 1 << 16)
            {
                await json.FlushAsync(cancellation);
            }
        }

        json.WriteEndArray();
        Crossovers(json, data.Crossovers);
        Peaks(json, data);
        Canaries(json, data.Canaries, origin ?? default);
        Quality(json, data);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
    }

    /// <summary>Null where it is no finite number.</summary>
    public static void Number(Utf8JsonWriter json, double? value, string format = "G5")
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumberValue(
                double.Parse(number.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            );
        }
        else
        {
            json.WriteNullValue();
        }
    }

    public static void Number(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        Number(json, value);
    }

    private static void Axes(Utf8JsonWriter json, ReportData data)
    {
        json.WriteStartArray("axes");
        foreach (var axis in data.Axes)
        {
            json.WriteStartObject();
            json.WriteString("name", axis.Name);
            json.WriteBoolean("varies", axis.Varies);
            json.WriteBoolean("listed", axis.Listed);
            json.WriteBoolean("numbers", axis.Values.All(v => v.IsNumber));
            Texts(json, "values", axis.Values.Select(v => PointText.Value(axis.Name, v)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Crossovers(Utf8JsonWriter json, IReadOnlyList<Crossover> crossovers)
    {
        json.WriteStartArray("crossovers");
        foreach (var crossover in crossovers)
        {
            json.WriteStartObject();
            json.WriteString("axis", crossover.Axis);
            json.WriteString("text", ScalingText.Line(crossover));
            json.WriteStartObject("place");
            foreach (var (name, value) in crossover.Place)
            {
                json.WriteString(name, PointText.Value(name, value));
            }

            json.WriteEndObject();
            Number(json, "at", crossover.At);
            Number(json, "low", crossover.Low);
            Number(json, "high", crossover.High);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Peaks(Utf8JsonWriter json, ReportData data)
    {
        json.WriteStartArray("peaks");
        foreach (var (fingerprint, peak) in data.Peaks.OrderBy(p => p.Key.Value, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("fingerprint", fingerprint.Value);
            Number(json, "flops", peak.FlopsPerSecond);
            Number(json, "bytes", peak.BytesPerSecond);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Canaries(Utf8JsonWriter json, IReadOnlyList<CanaryRecord> canaries, DateTimeOffset origin)
    {
        json.WriteStartArray("canaries");
        foreach (var canary in canaries.OrderBy(c => c.At))
        {
            json.WriteStartObject();
            json.WriteString("device", canary.Device.Value);
            json.WriteString("fingerprint", canary.Fingerprint.Value);
            Number(json, "at", (canary.At - origin).TotalSeconds);
            Number(json, "gemm", canary.GemmFlopsPerSecond);
            Number(json, "triad", canary.TriadBytesPerSecond);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What variants learnt at their best rate, by group; the curves are in the cells.</summary>
    private static void Quality(Utf8JsonWriter json, ReportData data)
    {
        json.WriteStartArray("quality");
        foreach (var group in data.Quality)
        {
            json.WriteStartObject();
            json.WriteString("metric", group.Metric);
            Number(json, "guess", group.Guess);
            json.WriteStartObject("place");
            foreach (var (name, value) in group.Point)
            {
                json.WriteString(name, PointText.Value(name, value));
            }

            json.WriteEndObject();
            json.WriteStartArray("variants");
            foreach (var variant in group.Variants)
            {
                json.WriteStartObject();
                json.WriteString("label", variant.Label);
                json.WriteString("text", LearntText.Of(variant));
                Number(json, "mean", variant.Best?.Mean);
                json.WriteString("rate", variant.Best?.LearningRate?.Canonical);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
