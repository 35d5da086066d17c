using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tls;
using Layerbench.Silo;
using Layerbench.Silo.Clustering;
using Layerbench.Silo.Health;
using Layerbench.Silo.Metrics;
using Layerbench.Silo.Nodes;
using Layerbench.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Settings are read once. Watching their files means watching the whole folder that a silo is started in, and its logs.
args = [.. args, "--hostBuilder:reloadConfigOnChange=false"];
try
{
    var (settings, errors) = SiloSettings.Read(Host.CreateApplicationBuilder(args).Configuration);
    if (settings is not null)
    {
        errors = [.. Ports.Taken(settings)];
    }

    if (settings is null || errors.Count > 0)
    {
        return await RefusedAsync(errors);
    }

    var identity = settings.Tls.AreGiven ? new TlsIdentity(settings.Tls, Say) : null;
    var (claims, taken) = await DeviceClaims.TakeAsync(NodeMeans.DevicesOf(settings));
    using (claims)
    {
        if (taken.Count > 0)
        {
            return await RefusedAsync(taken);
        }

        // Before the host, which logs what fails in it with its stack.
        await using var store = await ResultStores.OpenAsync(settings);
        if (await Peers.ProblemAsync(settings, identity) is { } problem)
        {
            Say(problem);
            return 2;
        }

        using var host = Build(args, settings, await NodeMeans.FindAsync(settings), store, identity);
        var standing = host.Services.GetRequiredService<NodeStanding>();
        await host.RunAsync();
        if (standing.Refusal is { } refusal)
        {
            Say(refusal);
            return 2;
        }

        return 0;
    }
}
catch (Exception wrong)
    when (wrong is StoreException or IOException or InvalidDataException || JoinErrors.Of(wrong) is not null)
{
    // Of a settings file it is said within what is wrong with which line.
    Say(JoinErrors.Of(wrong) ?? string.Join(' ', new[] { wrong.Message, wrong.GetBaseException().Message }.Distinct()));
    return 2;
}

static void Say(string line) => Console.Error.WriteLine($"layerbench-silo: {line}");

static IHost Build(string[] args, SiloSettings settings, NodeMeans means, IResultStore store, TlsIdentity? identity)
{
    if (settings.HttpPort == 0)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddSiloTelemetry(settings, means);
        builder.Services.AddSingleton(store);
        builder.AddNode(settings, means, identity);
        return builder.Build();
    }

    var web = WebApplication.CreateSlimBuilder(args);
    web.AddSiloTelemetry(settings, means);
    web.Services.AddSingleton(store);
    web.AddNode(settings, means, identity);
    web.AddHealth(settings);
    var app = web.Build().MapHealth();
    app.MapMetrics();
    return app;
}

static async Task<int> RefusedAsync(IEnumerable<string> errors)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"layerbench-silo: {SiloSettings.Section}:{error}");
    }

    return 2;
}
