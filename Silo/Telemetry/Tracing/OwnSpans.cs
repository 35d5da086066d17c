using System.Diagnostics;
using Layerbench.Metrics;
using OpenTelemetry.Trace;

namespace Layerbench.Telemetry.Tracing;

/// <summary>
/// Traces begin with the product's own spans. Calls between grains are traced as part of one and never begin one: devices
/// that ask for work and nodes that say that they are there would make a trace a second each.
/// </summary>
internal sealed class OwnSpans : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(
            samplingParameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            || samplingParameters.Name.StartsWith(Spans.Prefix, StringComparison.Ordinal)
                ? SamplingDecision.RecordAndSample
                : SamplingDecision.Drop
        );
}
