using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>What a sweep's verdicts say together, as one JSON object; the keys are described in docs/results.md.</summary>
public static class SummaryJson
{
    /// <param name="drift">Null without canaries.</param>
    public static void Write(
        Utf8JsonWriter json,
        SweepId sweep,
        SweepConclusion conclusion,
        AnalysisRule rule,
        ScalingReport scaling,
        DriftSummary? drift
    )
    {
        var summary = conclusion.Verdicts.Summary;
        json.WriteStartObject();
        json.WriteString("summary", sweep.Value);
        json.WriteNumber("margin", rule.Verdict.Margin);
        json.WriteNumber("false_discovery_rate", rule.Verdict.FalseDiscoveryRate);
        json.WriteBoolean("exclusions", rule.Exclusions);
        json.WriteNumber("cells", summary.Cells);
        json.WriteNumber("measured", summary.Measured);
        json.WriteNumber("unconverged", summary.Unconverged);
        json.WriteNumber("unsteady", summary.Unsteady);
        json.WriteNumber("problems", summary.Problems);
        Share(json, "false_positives", summary.FalsePositives);
        Share(json, "power", summary.Power);
        json.WriteNumber("unjudged", summary.Reach.Unjudged);
        json.WriteNumber("unjudged_controls", summary.Reach.UnjudgedControls);
        json.WriteNumber("controls_within_margin", summary.Reach.WithinMargin);
        Share(json, "excluded_blocks", summary.Excluded);
        json.WriteStartObject("memory_same");
        json.WriteNumber("count", summary.Memory.Same);
        json.WriteNumber("of", summary.Memory.Cells);
        json.WriteNumber("greatest_spread", Math.Round(summary.Memory.Greatest, 6));
        json.WriteEndObject();
        json.WriteStartArray("headlines");
        foreach (var headline in summary.Headlines)
        {
            Headline(json, headline);
        }

        json.WriteEndArray();
        if (drift is { } canaries)
        {
            Drift(json, canaries);
        }

        json.WriteStartObject("variants");
        foreach (var (label, counts) in summary.Variants)
        {
            json.WriteStartObject(label);
            json.WriteNumber("faster", counts.Faster);
            json.WriteNumber("slower", counts.Slower);
            json.WriteNumber("equivalent", counts.Equivalent);
            json.WriteNumber("inconclusive", counts.Inconclusive);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        ScalingJson.Write(json, scaling);
        if (conclusion.Backends.Ratios.Count > 0)
        {
            Backends(json, conclusion.Backends);
        }

        if (conclusion.Quality.Groups.Count > 0)
        {
            QualityJson.Write(json, conclusion.Quality);
        }

        json.WriteEndObject();
    }

    private static void Headline(Utf8JsonWriter json, HeadlineFinding headline)
    {
        json.WriteStartObject();
        json.WriteString("name", headline.Name);
        json.WriteString("cell", headline.Cell?.Id.Value);
        json.WriteString("variant", headline.Label);
        Ratio(json, "ratio", headline.Ratio ?? new(double.NaN, 0, double.PositiveInfinity, 0));
        json.WriteString(
            "verdict",
            headline.Judgement is { } judgement ? judgement.Verdict.ToString().ToLowerInvariant() : null
        );
        Number(json, "holm_p", headline.Judgement?.Adjusted);
        json.WriteEndObject();
    }

    private static void Backends(Utf8JsonWriter json, BackendReport report)
    {
        json.WriteStartArray("backends");
        foreach (var pair in report.Ratios)
        {
            json.WriteStartObject();
            json.WriteString("variant", pair.Label);
            json.WriteString("from", pair.FromBackend);
            json.WriteString("from_cell", pair.From.Id.Value);
            json.WriteString("to", pair.ToBackend);
            json.WriteString("to_cell", pair.To.Id.Value);
            Ratio(json, "ratio", pair.Ratio);
            json.WriteNumber("launches", pair.Ratio.Launches);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("backend_canaries");
        foreach (var canaries in report.Canaries)
        {
            json.WriteStartObject();
            json.WriteString("from", canaries.From);
            json.WriteString("to", canaries.To);
            Ratio(json, "gemm_time", canaries.Gemm);
            Ratio(json, "triad_time", canaries.Triad);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An interval without bounds has no ends.</summary>
    private static void Ratio(Utf8JsonWriter json, string key, Interval ratio)
    {
        Number(json, key, ratio.Value);
        Number(json, $"{key}_low", ratio.Low > 0 ? ratio.Low : null);
        Number(json, $"{key}_high", ratio.High);
    }

    private static void Drift(Utf8JsonWriter json, DriftSummary drift)
    {
        json.WriteStartObject("canary_drift");
        json.WriteNumber("pairs", drift.Pairs);
        Number(json, "gemm_median", drift.GemmMedian);
        Number(json, "gemm_worst", drift.GemmWorst);
        Number(json, "triad_median", drift.TriadMedian);
        Number(json, "triad_worst", drift.TriadWorst);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string key, double? value) =>
        JsonValues.Rounded(json, key, value, "G12");

    private static void Share(Utf8JsonWriter json, string key, Proportion share)
    {
        json.WriteStartObject(key);
        json.WriteNumber("count", share.Count);
        json.WriteNumber("of", share.Total);
        json.WriteNumber("low", Math.Round(share.Low, 6));
        json.WriteNumber("high", Math.Round(share.High, 6));
        json.WriteEndObject();
    }
}
