using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Layerbench.Silo.Health;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: it is part of the cluster; 503 and the reason where it is not.</summary>
internal static class HealthEndpoints
{
    private const string Ready = "ready";
    private static readonly TimeSpan storeTimeout = TimeSpan.FromSeconds(5);

    public static WebApplicationBuilder AddHealth(this WebApplicationBuilder builder, SiloSettings settings)
    {
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Parse(settings.HttpAddress), settings.HttpPort));
        builder.Services.AddHealthChecks().AddCheck<NodeReady>(Ready, failureStatus: null, [Ready], storeTimeout);
        return builder;
    }

    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", Of(check: null));
        app.MapHealthChecks("/health/ready", Of(Ready));
        return app;
    }

    private static HealthCheckOptions Of(string? check) =>
        new() { Predicate = c => c.Name == check, ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var reasons = report.Entries.Values.Select(e => e.Description).OfType<string>();
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(string.Join('\n', reasons.DefaultIfEmpty("ok")) + "\n");
    }
}
