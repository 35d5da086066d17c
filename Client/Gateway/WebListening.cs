using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Layerbench.Gateway;

/// <summary>
/// Whether the gateway can listen where it is told to, with the certificate that it is given. Tried by itself, for the host
/// starts its parts together, and would not say that one cannot before the cluster was reached.
/// </summary>
internal static class WebListening
{
    /// <summary>Throws what the web server throws.</summary>
    public static async Task TryAsync(IConfiguration configuration, string contentRoot)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = contentRoot });
        builder.Logging.ClearProviders();
        builder.Configuration.AddConfiguration(configuration);
        await using var app = builder.Build();
        await app.StartAsync();
        await app.StopAsync();
    }
}
