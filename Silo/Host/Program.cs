using Layerbench.Engine.Stores;
using Layerbench.Silo;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);

// First, so that every other source overrides it: Orleans says some 180 lines while it starts.
builder.Configuration.Sources.Insert(
    0,
    new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Orleans", "Warning")] }
);
var (settings, errors) = SiloSettings.Read(builder.Configuration);
if (settings is not null)
{
    errors = [.. Ports.Taken(settings)];
    settings = errors.Count == 0 ? settings : null;
}

if (settings is null)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"layerbench-silo: {SiloSettings.Section}:{error}");
    }

    return 2;
}

try
{
    builder.AddNode(settings);
    using var host = builder.Build();
    await host.RunAsync();
    return 0;
}
catch (StoreException wrong)
{
    await Console.Error.WriteLineAsync($"layerbench-silo: {wrong.Message}");
    return 2;
}
