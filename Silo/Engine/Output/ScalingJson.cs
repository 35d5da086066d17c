using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>Exponents and crossovers as JSON; the keys are described in docs/results.md.</summary>
public static class ScalingJson
{
    /// <summary>The keys <c>exponents</c> and <c>crossovers</c>, inside an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, ScalingReport report)
    {
        json.WriteStartArray("exponents");
        foreach (var fit in report.Exponents)
        {
            json.WriteStartObject();
            json.WriteString("axis", fit.Axis);
            json.WriteString("variant", fit.Label);
            Place(json, "setting", fit.Setting);
            Number(json, "from", fit.From);
            Number(json, "to", fit.To);
            json.WriteNumber("lines", fit.Lines);
            json.WriteNumber("cells", fit.Cells);
            json.WriteNumber("launches", fit.Exponent.Launches);
            Ends(json, "exponent", fit.Exponent);
            Number(json, "flops_exponent", fit.Analytic);
            Ends(json, "top_exponent", fit.Top);
            Number(json, "top_flops_exponent", fit.AnalyticTop);
            Number(json, "misfit", fit.Misfit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("crossovers");
        foreach (var crossover in report.Crossovers)
        {
            json.WriteStartObject();
            json.WriteString("axis", crossover.Axis);
            json.WriteString("faster_above", crossover.Faster);
            json.WriteString("faster_below", crossover.Slower);
            Place(json, "point", crossover.Place);
            Number(json, "at", crossover.At);
            Number(json, "low", crossover.Low);
            Number(json, "high", crossover.High);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Ends(Utf8JsonWriter json, string key, Interval interval)
    {
        Number(json, key, interval.Value);
        Number(json, $"{key}_low", interval.Low);
        Number(json, $"{key}_high", interval.High);
    }

    private static void Place(Utf8JsonWriter json, string key, IEnumerable<(string Name, AxisValue Value)> place)
    {
        json.WriteStartObject(key);
        foreach (var (name, value) in place)
        {
            if (value.IsNumber)
            {
                json.WriteNumber(name, value.Number);
            }
            else
            {
                json.WriteString(name, value.Canonical);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>To 6 digits: what lies beyond depends on the machine's exp and log. Null where it is not finite.</summary>
    private static void Number(Utf8JsonWriter json, string key, double? value) =>
        JsonValues.Rounded(json, key, value, "E5");
}
