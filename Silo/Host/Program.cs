using System.Net.Sockets;
using Layerbench.Engine.Stores;
using Layerbench.Silo;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var (settings, errors) = SiloSettings.Read(builder.Configuration);
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
catch (Exception wrong) when (wrong.GetBaseException() is SocketException socket)
{
    await Console.Error.WriteLineAsync(
        $"layerbench-silo: port {settings.SiloPort} or {settings.GatewayPort} cannot be used ({socket.Message}); "
            + "give others with Layerbench:SiloPort and Layerbench:GatewayPort"
    );
    return 2;
}
