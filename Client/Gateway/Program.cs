using Layerbench.Engine.Tls;
using Layerbench.Gateway;
using Layerbench.Telemetry;
using Layerbench.Telemetry.Logs;
using Layerbench.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;

const int BadInput = 2;

try
{
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

    await WebListening.TryAsync(builder.Configuration, builder.Environment.ContentRootPath);
    var identity = settings.Tls.AreGiven ? new TlsIdentity(settings.Tls, Say) : null;
    var store = await ResultStores.OpenAsync(settings);
    if (await Peers.ProblemAsync(settings, identity) is { } problem)
    {
        await store.DisposeAsync();
        return await RefuseAsync([problem]);
    }

    builder.AddTelemetry(typeof(GatewayHost).Assembly, "layerbench-gateway");
    await using var app = builder.AddGateway(settings, store, identity).Build();
    app.MapWebApi();
    app.MapMetrics().RequireAuthorization(WebApi.ViewPolicy);
    var refusal = app.Services.GetRequiredService<ClusterRefusal>();
    try
    {
        await app.RunAsync();
    }
    catch (Exception) when (refusal.Reason is not null)
    {
        // It was ended while it started.
    }

    return refusal.Reason is { } reason ? await RefuseAsync([reason]) : 0;
}
catch (Exception wrong) when (StartErrors.Of(wrong) is { } said)
{
    return await RefuseAsync([said]);
}

static void Say(string line) => Console.Error.WriteLine($"layerbench-gateway: {line}");

static async Task<int> RefuseAsync(IEnumerable<string> errors)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"layerbench-gateway: {error}");
    }

    return BadInput;
}
