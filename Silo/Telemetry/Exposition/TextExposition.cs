using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;

namespace Layerbench.Telemetry.Exposition;

/// <summary>Prometheus' text format 0.0.4 over the OpenTelemetry SDK's own aggregation.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
public sealed class TextExposition : IExposition, IDisposable
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly TextExporter exporter = new();

    public void AddTo(MeterProviderBuilder metrics) => metrics.AddReader(new BaseExportingMetricReader(exporter));

    public IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string path) =>
        routes.MapGet(path, () => Results.Text(exporter.Scrape(), ContentType));

    public void Dispose() => exporter.Dispose();
}
