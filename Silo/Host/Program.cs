using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tls;
using Layerbench.Silo;
using Layerbench.Silo.Clustering;
using Layerbench.Silo.Health;
using Layerbench.Silo.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var (settings, errors) = SiloSettings.Read(Host.CreateApplicationBuilder(args).Configuration);
if (settings is not null)
{
    errors = [.. Ports.Taken(settings)];
}

if (settings is null || errors.Count > 0)
{
    return await RefusedAsync(errors);
}

try
{
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
        await host.RunAsync();
        return 0;
    }
}
catch (Exception wrong)
    when (wrong is StoreException or IOException or InvalidDataException || JoinErrors.Of(wrong) is not null)
{
    Say(JoinErrors.Of(wrong) ?? wrong.Message);
    return 2;
}

static void Say(string line) => Console.Error.WriteLine($"layerbench-silo: {line}");

static IHost Build(string[] args, SiloSettings settings, NodeMeans means, IResultStore store, TlsIdentity? identity)
{
    if (settings.HttpPort == 0)
    {
        var builder = Host.CreateApplicationBuilder(args);
        Quieten(builder.Configuration);
        builder.Services.AddSingleton(store);
        builder.AddNode(settings, means, identity);
        return builder.Build();
    }

    var web = WebApplication.CreateSlimBuilder(args);
    Quieten(web.Configuration);
    web.Services.AddSingleton(store);
    web.AddNode(settings, means, identity);
    web.AddHealth(settings);
    return web.Build().MapHealth();
}

// First, so that every other source overrides it: Orleans says some 180 lines while it starts, and the health endpoints two for every look.
static void Quieten(ConfigurationManager configuration) =>
    ((IConfigurationBuilder)configuration).Sources.Insert(
        0,
        new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Orleans", "Warning"),
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
            ],
        }
    );

static async Task<int> RefusedAsync(IEnumerable<string> errors)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"layerbench-silo: {SiloSettings.Section}:{error}");
    }

    return 2;
}
