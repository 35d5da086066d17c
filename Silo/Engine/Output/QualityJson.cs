using System.Text.Json;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>What variants have learnt, as JSON; the keys are described in docs/results.md.</summary>
internal static class QualityJson
{
    /// <summary>The key <c>quality</c>: an object per group.</summary>
    public static void Write(Utf8JsonWriter json, QualityFindings quality)
    {
        json.WriteStartArray("quality");
        foreach (var group in quality.Groups)
        {
            json.WriteStartObject();
            json.WriteString("group", group.Id.Value);
            JsonValues.Point(json, group.Point);
            json.WriteString("metric", group.Metric);
            JsonValues.Number(json, "guess", group.Guess);
            json.WriteStartArray("variants");
            foreach (var variant in group.Variants)
            {
                json.WriteStartObject();
                json.WriteString("variant", variant.Label);
                json.WriteStartArray("rates");
                foreach (var rate in variant.Rates)
                {
                    Rate(json, rate, rate == variant.Best);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The key <c>training</c> of a variant.</summary>
    public static void Write(Utf8JsonWriter json, Training training)
    {
        json.WriteStartObject("training");
        json.WriteString("metric", training.Metric);
        JsonValues.Number(json, "value", training.Value);
        JsonValues.Number(json, "guess", training.Guess);
        json.WriteString("status", training.StatusName);
        json.WriteNumber("steps", training.Steps);
        json.WriteNumber("seconds", training.Duration.TotalSeconds);
        json.WriteStartObject("values");
        foreach (var (name, value) in training.Values)
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
        JsonValues.Curves(json, "series", training.Series);
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, RateFindings rate, bool isBest)
    {
        json.WriteStartObject();
        if (rate.LearningRate is { } learningRate)
        {
            JsonValues.Value(json, TrainingGroup.LearningRate, learningRate);
        }
        else
        {
            json.WriteNull(TrainingGroup.LearningRate);
        }

        json.WriteBoolean("best", isBest);
        JsonValues.Number(json, "mean", rate.Mean);
        JsonValues.Number(json, "min", rate.Least);
        JsonValues.Number(json, "max", rate.Greatest);
        json.WriteNumber("trials", rate.Trials);
        json.WriteNumber("solved", rate.Solved);
        json.WriteNumber("pruned", rate.Pruned);
        json.WriteNumber("diverged", rate.Diverged);
        JsonValues.Number(json, "steps_to_solve", rate.StepsToSolve);
        json.WriteNumber("seconds", rate.Seconds);
        json.WriteEndObject();
    }
}
