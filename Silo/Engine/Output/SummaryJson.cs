using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>What a sweep's verdicts say together, as one JSON object; the keys are described in docs/results.md.</summary>
public static class SummaryJson
{
    public static void Write(
        Utf8JsonWriter json,
        SweepId sweep,
        AnalysisSummary summary,
        AnalysisRule rule,
        ScalingReport scaling
    )
    {
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
        Share(json, "excluded_blocks", summary.Excluded);
        json.WriteStartObject("memory_same");
        json.WriteNumber("count", summary.Memory.Same);
        json.WriteNumber("of", summary.Memory.Cells);
        json.WriteNumber("greatest_spread", Math.Round(summary.Memory.Greatest, 6));
        json.WriteEndObject();
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
        json.WriteEndObject();
    }

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
