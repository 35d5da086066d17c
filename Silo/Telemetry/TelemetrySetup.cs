using System.Reflection;
using Layerbench.Metrics;
using Layerbench.Telemetry.Exposition;
using Layerbench.Telemetry.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Layerbench.Telemetry;

/// <summary>Metrics and traces of a program.</summary>
public static class TelemetrySetup
{
    public const string MetricsPath = "/metrics";

    private static readonly string[] destinations =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    /// <summary>
    /// Metrics of the product, of the .NET runtime (memory, garbage collection, threads, CPU) and of Orleans where it runs: to be scraped where <see cref="MapMetrics"/> is called, and sent by OTLP,
    /// together with traces, where the standard variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> …) say whereto. To be called
    /// before what is counted is started.
    /// </summary>
    /// <param name="program">Whose build it is.</param>
    /// <param name="service">What it is called in traces, if <c>OTEL_SERVICE_NAME</c> does not say.</param>
    public static IHostApplicationBuilder AddTelemetry(
        this IHostApplicationBuilder builder,
        Assembly program,
        string service
    )
    {
        var exposition = Expositions.Best();
        var build = new BuildInfo(program);
        var services = builder.Services;
        services.AddSingleton(exposition);
        services.AddSingleton(_ => build); // made so, it is disposed of with the host
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(r =>
                r.AddService(service, serviceVersion: build.Version).AddEnvironmentVariableDetector()
            )
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(LayerbenchMeter.Name, Selection.RuntimeMeter, Selection.OrleansMeter);
                metrics.AddView(Selection.Of);
                exposition.AddTo(metrics);
            });
        if (IsExported(builder.Configuration))
        {
            telemetry.WithMetrics(m => m.AddOtlpExporter()).WithTracing(t => Trace(t, builder.Configuration));
        }

        services.AddHostedService<FirstSeries>();
        return builder;
    }

    /// <summary>Whether metrics and traces are sent anywhere.</summary>
    public static bool IsExported(IConfiguration configuration) =>
        destinations.Any(d => !string.IsNullOrEmpty(configuration[d]));

    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.ServiceProvider.GetRequiredService<IExposition>().Map(routes, MetricsPath);

    private static void Trace(TracerProviderBuilder traces, IConfiguration configuration)
    {
        traces.AddSource(Spans.Source, "Microsoft.Orleans.*").AddOtlpExporter();
        if (string.IsNullOrEmpty(configuration["OTEL_TRACES_SAMPLER"]))
        {
            traces.SetSampler(new OwnSpans());
        }
    }

    /// <summary>After the meters are listened to, which the provider does once it is made.</summary>
    private sealed class FirstSeries(MeterProvider provider, BuildInfo build) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = (provider, build);
            ResultMetrics.Begin();
            EngineMetrics.Begin();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
