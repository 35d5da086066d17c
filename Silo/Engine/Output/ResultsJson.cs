using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis;
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
        JsonValues.Point(json, cell.Point);
        json.WriteString("baseline", cell.Baseline);
        json.WriteString("control", cell.ControlName);
        json.WriteNumber("launches", cell.Launches);
        json.WriteNumber("memory_launches", cell.MemoryLaunches);
        JsonValues.Truth(json, "steady", cell.Steady);
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
        JsonValues.Number(json, "time_median_s", row.TimeMedianSeconds);
        JsonValues.Number(json, "time_low_s", row.TimeLowSeconds);
        JsonValues.Number(json, "time_high_s", row.TimeHighSeconds);
        JsonValues.Number(json, "ratio", row.Ratio);
        JsonValues.Number(json, "ratio_low", row.RatioLow);
        JsonValues.Number(json, "ratio_high", row.RatioHigh);
        json.WriteString("verdict", row.VerdictName);
        JsonValues.Number(json, "adjusted_p", row.AdjustedP);
        JsonValues.Number(json, "samples_accepted_ratio", row.SamplesAcceptedRatio);
        JsonValues.Number(json, "peak_memory_bytes", row.PeakMemoryBytes);
        JsonValues.Number(json, "peak_memory_min_bytes", row.PeakMemoryMinimumBytes);
        JsonValues.Number(json, "peak_memory_max_bytes", row.PeakMemoryMaximumBytes);
        JsonValues.Number(json, "flops", row.Flops);
        JsonValues.Number(json, "bytes", row.Bytes);
        JsonValues.Number(json, "arithmetic_intensity", row.ArithmeticIntensity);
        JsonValues.Number(json, "roofline_ratio", row.Roofline?.Ratio);
        JsonValues.Truth(json, "roofline_impossible", row.Roofline?.IsImpossible);
        JsonValues.Number(json, "parameters", row.Parameters);
        JsonValues.Number(json, "forward_error", row.ForwardError);
        JsonValues.Number(json, "gradient_error", row.GradientError);
        if (row.Matched is { } match)
        {
            json.WriteStartObject("match");
            json.WriteString("by", match.By);
            json.WriteString("axis", match.Axis);
            json.WriteNumber("value", match.Value);
            json.WriteNumber("ratio", match.Ratio);
            json.WriteEndObject();
        }

        if (row.Timeit is { } timeit)
        {
            Timeit(json, timeit);
        }

        if (row.EpochCurves is { } curves)
        {
            JsonValues.Curves(json, "curve", curves);
        }

        if (row.BackendFrom is { } from)
        {
            json.WriteString("backend_from", from);
            JsonValues.Number(json, "backend_ratio", row.BackendRatio);
            JsonValues.Number(json, "backend_ratio_low", row.BackendRatioLow);
            JsonValues.Number(json, "backend_ratio_high", row.BackendRatioHigh);
        }

        if (row.Training is { } training)
        {
            QualityJson.Write(json, training);
            JsonValues.Truth(json, "best_rate", row.IsBestRate);
        }

        json.WriteEndObject();
    }

    private static void Timeit(Utf8JsonWriter json, LoopTimes times)
    {
        json.WriteStartObject("timeit");
        json.WriteNumber("launch", times.Launch);
        json.WriteNumber("launches", times.Launches);
        json.WriteNumber("mean_s", times.MeanSeconds);
        json.WriteNumber("std_s", times.DeviationSeconds);
        json.WriteNumber("runs", times.Runs);
        json.WriteNumber("loops", times.Loops);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
