using System.Net;
using Layerbench.Telemetry.Exposition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Layerbench.Telemetry.Tests;

/// <summary>A server with nothing but metrics.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client;

    private Endpoint(WebApplication app)
    {
        this.app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        client = new HttpClient { BaseAddress = new Uri(address.Single()) };
    }

    public static async Task<Endpoint> StartAsync(IExposition exposition, params string[] meters)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(m =>
            {
                m.AddMeter(meters);
                exposition.AddTo(m);
            });
        var made = builder.Build();
        exposition.Map(made, "/metrics");
        await made.StartAsync(TestContext.Current.CancellationToken);
        return new Endpoint(made);
    }

    public Task<string> TextAsync() => client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    public async Task<IReadOnlyDictionary<string, Family>> ScrapeAsync() => Scraped.Read(await TextAsync());

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }
}
