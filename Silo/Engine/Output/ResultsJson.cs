using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>Cells and environments as JSON; the keys are described in docs/results.md.</summary>
public static class ResultsJson
{
    private static readonly JsonWriterOptions line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions document = line with { Indented = true, NewLine = "\n" };

    /// <summary>One cell, as one line with its line feed.</summary>
    /// <param name="rows">The cell's, one per variant, at least one.</param>
    public static async Task WriteCellAsync(
        Stream stream,
        SweepId sweep,
        IReadOnlyList<ResultRow> rows,
        CancellationToken cancellation = default
    )
    {
        await using (var json = new Utf8JsonWriter(stream, line))
        {
            Cell(json, sweep, rows);
            await json.FlushAsync(cancellation);
        }

        await stream.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    /// <summary>What the results were made with: the sweep, the command and every environment a launch ran in.</summary>
    public static async Task WriteEnvironmentAsync(
        Stream stream,
        SweepRecord sweep,
        string command,
        IReadOnlyList<Fingerprint> fingerprints,
        CancellationToken cancellation = default
    )
    {
        await using (var json = new Utf8JsonWriter(stream, document))
        {
            json.WriteStartObject();
            json.WriteString("sweep", sweep.Id.Value);
            json.WriteString("name", sweep.Name);
            json.WriteString("product_version", sweep.ProductVersion);
            json.WriteString("created_at", Time(sweep.CreatedAt));
            json.WriteNumber("seed", sweep.Seed);
            json.WriteString("command", command);
            json.WriteStartArray("fingerprints");
            foreach (var fingerprint in fingerprints.OrderBy(f => f.Id.Value, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("id", fingerprint.Id.Value);
                json.WriteStartObject("entries");
                foreach (var (name, value) in fingerprint.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("spec", sweep.Spec);
            json.WriteEndObject();
            await json.FlushAsync(cancellation);
        }

        await stream.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    private static void Cell(Utf8JsonWriter json, SweepId sweep, IReadOnlyList<ResultRow> rows)
    {
        var cell = rows[0];
        json.WriteStartObject();
        json.WriteString("sweep", sweep.Value);
        json.WriteString("cell", cell.Cell.Value);
        json.WriteNumber("index", cell.Index);
        json.WriteString("outcome", cell.Outcome.Name);
        json.WriteString("reason", cell.Outcome.Explanation);
        json.WriteString("quality", cell.QualityName);
        json.WriteString("device", cell.Device?.Value);
        json.WriteString("finished_at", Time(cell.FinishedAt));
        json.WriteStartObject("point");
        foreach (var (axis, value) in cell.Point)
        {
            Value(json, axis, value);
        }

        json.WriteEndObject();
        json.WriteString("baseline", cell.Baseline);
        json.WriteString("control", cell.ControlName);
        json.WriteNumber("launches", cell.Launches);
        json.WriteNumber("memory_launches", cell.MemoryLaunches);
        Truth(json, "steady", cell.Steady);
        json.WriteString("fingerprint", cell.Fingerprint?.Value);
        json.WriteStartArray("variants");
        foreach (var row in rows)
        {
            Variant(json, row);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Variant(Utf8JsonWriter json, ResultRow row)
    {
        json.WriteStartObject();
        json.WriteString("variant", row.Variant);
        Number(json, "time_median_s", row.TimeMedianSeconds);
        Number(json, "time_low_s", row.TimeLowSeconds);
        Number(json, "time_high_s", row.TimeHighSeconds);
        Number(json, "ratio", row.Ratio);
        Number(json, "ratio_low", row.RatioLow);
        Number(json, "ratio_high", row.RatioHigh);
        json.WriteString("verdict", row.VerdictName);
        Number(json, "adjusted_p", row.AdjustedP);
        Number(json, "samples_accepted_ratio", row.SamplesAcceptedRatio);
        Number(json, "peak_memory_bytes", row.PeakMemoryBytes);
        Number(json, "peak_memory_min_bytes", row.PeakMemoryMinimumBytes);
        Number(json, "peak_memory_max_bytes", row.PeakMemoryMaximumBytes);
        Number(json, "flops", row.Flops);
        Number(json, "bytes", row.Bytes);
        Number(json, "arithmetic_intensity", row.ArithmeticIntensity);
        Number(json, "roofline_ratio", row.Roofline?.Ratio);
        Truth(json, "roofline_impossible", row.Roofline?.IsImpossible);
        Number(json, "parameters", row.Parameters);
        Number(json, "forward_error", row.ForwardError);
        Number(json, "gradient_error", row.GradientError);
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, string axis, AxisValue value)
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

    private static void Number(Utf8JsonWriter json, string key, double? value)
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

    private static void Number(Utf8JsonWriter json, string key, long? value)
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

    private static void Truth(Utf8JsonWriter json, string key, bool? value)
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

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
