using System.Globalization;
using System.Net;
using System.Reflection;
using Layerbench.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Telemetry;

/// <summary>Metrics of a program that serves nothing else: on loopback, for as long as it runs.</summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private readonly IHost host;

    private MetricsServer(IHost host, string? address) => (this.host, Address) = (host, address);

    /// <summary>Where they are scraped; null: they are only sent.</summary>
    public string? Address { get; }

    /// <param name="port">On loopback; null: nothing is served.</param>
    /// <param name="service">The program's name in traces.</param>
    /// <returns>Null where nothing is served and the environment does not say where to send it.</returns>
    /// <exception cref="BadInputException">The port is in use.</exception>
    public static async Task<MetricsServer?> StartAsync(int? port, Assembly program, string service)
    {
        if (port is null && !TelemetrySetup.IsExported(new ConfigurationBuilder().AddEnvironmentVariables().Build()))
        {
            return null;
        }

        var made = port is { } wanted ? Serving(wanted, program, service) : Sending(program, service);
        try
        {
            await made.StartAsync().ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            made.Dispose();
            throw new BadInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--metrics: port {port} of 127.0.0.1 cannot be used ({taken.Message.TrimEnd('.')}); give another"
                ),
                taken
            );
        }

        return new MetricsServer(
            made,
            port is null
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{TelemetrySetup.MetricsPath}")
        );
    }

    /// <summary>What is still to be sent is.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync().ConfigureAwait(false);
        host.Dispose();
    }

    private static WebApplication Serving(int port, Assembly program, string service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.AddTelemetry(program, service);
        var app = builder.Build();
        app.MapMetrics();
        return app;
    }

    private static IHost Sending(Assembly program, string service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.AddTelemetry(program, service);
        return builder.Build();
    }
}
