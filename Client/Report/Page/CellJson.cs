using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.Report.Data;

namespace Layerbench.Report.Page;

/// <summary>One cell for the page's script. What is not known is left out.</summary>
internal static class CellJson
{
    /// <param name="labels">Labels by place.</param>
    /// <param name="places">Of each axis: its values by place.</param>
    /// <param name="origin">From which times of day are counted.</param>
    public static void Write(
        Utf8JsonWriter json,
        ReportCell cell,
        IReadOnlyList<ReportAxis> axes,
        Dictionary<string, int> labels,
        Dictionary<string, Dictionary<AxisValue, int>> places,
        DateTimeOffset origin
    )
    {
        var first = cell.Rows[0];
        json.WriteStartObject();
        json.WriteString("id", first.Cell.Value);
        json.WriteString("outcome", first.Outcome.Name);
        Text(json, "note", cell.Note);
        Text(json, "control", first.ControlName);
        Text(json, "device", first.Device?.Value);
        json.WriteNumber("baseline", labels.GetValueOrDefault(first.Baseline, -1));
        json.WriteStartArray("point");
        foreach (var axis in axes)
        {
            json.WriteNumberValue(first.Point.TryGetValue(axis.Name, out var value) ? places[axis.Name][value] : -1);
        }

        json.WriteEndArray();
        json.WriteStartArray("sides");
        foreach (var row in cell.Rows)
        {
            Side(json, row, labels[row.Variant]);
        }

        json.WriteEndArray();
        Launches(json, cell.Launches, origin);
        if (cell.Curves.Count > 0)
        {
            Curves(json, cell.Curves);
        }

        json.WriteEndObject();
    }

    private static void Side(Utf8JsonWriter json, ResultRow row, int label)
    {
        json.WriteStartObject();
        json.WriteNumber("label", label);
        Triple(json, "time", row.TimeMedianSeconds, row.TimeLowSeconds, row.TimeHighSeconds, RowText.Time(row));
        Triple(json, "ratio", row.Ratio, row.RatioLow, row.RatioHigh, RowText.Ratio(row));
        Triple(
            json,
            "memory",
            row.PeakMemoryBytes,
            row.PeakMemoryMinimumBytes,
            row.PeakMemoryMaximumBytes,
            RowText.Memory(row)
        );
        if (row.VerdictName is { } verdict)
        {
            json.WriteString("verdict", verdict);
            json.WriteString("verdictText", RowText.Verdict(row));
        }

        Known(json, "flops", row.Flops);
        Known(json, "bytes", row.Bytes);
        Known(json, "parameters", row.Parameters);
        Known(json, "roof", row.Roofline?.Ratio);
        if (row.Training is { } training)
        {
            Training(json, row, training);
        }

        json.WriteEndObject();
    }

    private static void Training(Utf8JsonWriter json, ResultRow row, Training training)
    {
        json.WriteStartObject("training");
        json.WriteString("metric", training.Metric);
        json.WriteString("text", RowText.Training(row));
        Known(json, "value", training.Value);
        Known(json, "guess", training.Guess);
        json.WriteBoolean("best", row.IsBestRate == true);
        Series(json, training.Series);
        json.WriteEndObject();
    }

    /// <summary>What timed passes learnt, by place of the variant in the cell.</summary>
    private static void Curves(Utf8JsonWriter json, IReadOnlyList<VariantCurves> curves)
    {
        json.WriteStartArray("curves");
        foreach (var variant in curves)
        {
            json.WriteStartObject();
            json.WriteNumber("side", variant.Variant);
            Series(json, variant.Series);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Series(Utf8JsonWriter json, IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> series)
    {
        json.WriteStartObject("series");
        foreach (var (name, points) in series)
        {
            json.WriteStartArray(name);
            foreach (var (x, y) in points)
            {
                json.WriteStartArray();
                ReportJson.Number(json, x);
                ReportJson.Number(json, y);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Each as <c>[number, seconds since origin, 1 where steady, refused samples, [ratios], [[seconds]]]</c>.</summary>
    private static void Launches(Utf8JsonWriter json, IReadOnlyList<LaunchDigest> launches, DateTimeOffset origin)
    {
        if (launches.Count == 0)
        {
            return;
        }

        json.WriteStartArray("launches");
        foreach (var launch in launches)
        {
            json.WriteStartArray();
            json.WriteNumberValue(launch.Number);
            ReportJson.Number(json, (launch.StartedAt - origin).TotalSeconds, "G7");
            json.WriteNumberValue(launch.Steady ? 1 : 0);
            json.WriteNumberValue(launch.Refused);
            json.WriteStartArray();
            foreach (var ratio in launch.Ratios)
            {
                ReportJson.Number(json, ratio);
            }

            json.WriteEndArray();
            json.WriteStartArray();
            foreach (var seconds in launch.Seconds)
            {
                json.WriteStartArray();
                foreach (var sample in seconds)
                {
                    ReportJson.Number(json, sample, "G4");
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary><c>[value, low, high]</c> and the same as text, under NAME and NAMEText.</summary>
    private static void Triple(Utf8JsonWriter json, string name, double? value, double? low, double? high, string text)
    {
        if (value is null)
        {
            return;
        }

        json.WriteStartArray(name);
        ReportJson.Number(json, value);
        ReportJson.Number(json, low);
        ReportJson.Number(json, high);
        json.WriteEndArray();
        json.WriteString($"{name}Text", text);
    }

    private static void Known(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            ReportJson.Number(json, name, number);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
