using Layerbench.Telemetry.Exposition;
using Layerbench.Telemetry.Prometheus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;

[assembly: Exposition(typeof(PackagedExposition))]

namespace Layerbench.Telemetry.Prometheus;

/// <summary>OpenTelemetry.Exporter.Prometheus.AspNetCore.</summary>
public sealed class PackagedExposition : IExposition
{
    public void AddTo(MeterProviderBuilder metrics) =>
        metrics.AddPrometheusExporter(o =>
        {
            // Every series would have a label more, and say nothing by it.
            (o.ScopeInfoEnabled, o.TargetInfoEnabled) = (false, false);
            o.ScrapeResponseCacheDurationMilliseconds = 0;
        });

    public IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string path) =>
        routes.MapPrometheusScrapingEndpoint(path);
}
