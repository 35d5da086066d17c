using Layerbench.Engine.Devices;
using Layerbench.Silo.Nodes;
using Layerbench.Telemetry;
using Layerbench.Telemetry.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Layerbench.Silo.Metrics;

/// <summary>Metrics, traces and logs of a silo.</summary>
internal static class SiloTelemetry
{
    /// <summary>To be called before <see cref="SiloHost.AddNode"/>.</summary>
    public static void AddSiloTelemetry(this IHostApplicationBuilder builder, SiloSettings settings, NodeMeans means)
    {
        // Orleans says some 180 lines while it starts, and the health endpoints two for every look.
        builder.AddLogs("Orleans", "Microsoft.AspNetCore");
        builder.AddTelemetry(typeof(SiloTelemetry).Assembly, "layerbench-silo");
        var gpus = new GpuBoard(settings.Node, means.Devices);
        builder.Services.AddSingleton(_ => gpus); // made so, it is disposed of with the host
        if (TelemetrySetup.IsExported(builder.Configuration))
        {
            builder.UseOrleans(silo => silo.AddActivityPropagation());
        }
    }
}
