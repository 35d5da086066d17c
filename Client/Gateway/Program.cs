using Layerbench.Engine.Stores;
using Layerbench.Gateway;
using Layerbench.Telemetry;
using Layerbench.Telemetry.Logs;
using Layerbench.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;

const int BadInput = 2;

var builder = WebApplication.CreateBuilder(args);

// First, so that every other source overrides it.
builder.Configuration.Sources.Insert(
    0,
    new MemoryConfigurationSource { InitialData = [new("urls", WebSettings.DefaultUrl)] }
);
// Orleans and ASP.NET say many lines while they start and serve.
builder.AddLogs("Orleans", "Microsoft.AspNetCore");
var (settings, errors) = GatewaySettings.Read(builder.Configuration);
if (settings is null)
{
    return await RefuseAsync(errors.Select(e => $"{GatewaySettings.Section}:{e}"));
}

try
{
    builder.AddTelemetry(typeof(GatewayHost).Assembly, "layerbench-gateway");
    await using var app = builder.AddGateway(settings, await ResultStores.OpenAsync(settings)).Build();
    app.MapWebApi();
    app.MapMetrics().RequireAuthorization(WebApi.ViewPolicy);
    await app.RunAsync();
    return 0;
}
catch (Exception wrong) when (wrong is StoreException or IOException)
{
    return await RefuseAsync([wrong.Message]);
}

static async Task<int> RefuseAsync(IEnumerable<string> errors)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"layerbench-gateway: {error}");
    }

    return BadInput;
}
