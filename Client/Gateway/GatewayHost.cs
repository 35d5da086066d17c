using Layerbench.Cluster;
using Layerbench.Cluster.Tls;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Engine.Tls;
using Layerbench.Telemetry;
using Layerbench.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Layerbench.Gateway;

/// <summary>Puts a gateway together: Orleans client, results store, REST.</summary>
public static class GatewayHost
{
    /// <param name="identity">By which silos know it; null: all speak in the clear.</param>
    public static WebApplicationBuilder AddGateway(
        this WebApplicationBuilder builder,
        GatewaySettings settings,
        IResultStore store,
        TlsIdentity? identity = null
    )
    {
        builder.UseOrleansClient(client =>
        {
            if (settings.PostgresAddress is { } address)
            {
                client.UseAdoNetClustering(
                    (AdoNetClusteringClientOptions o) =>
                        (o.Invariant, o.ConnectionString) = ("Npgsql", address.ConnectionString)
                );
            }
            else
            {
                client.UseStaticClustering(settings.SiloEndpoints);
            }

            client.Configure<ClusterOptions>(o =>
                (o.ClusterId, o.ServiceId) = (settings.ClusterId, settings.ClusterId)
            );
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
            client.Services.AddSerializer(s => s.AddCoreRecords());
            if (TelemetrySetup.IsExported(builder.Configuration))
            {
                client.AddActivityPropagation();
            }

            client.UseConnectionRetryFilter<ConnectingAgain>();
            if (identity is not null)
            {
                TlsOfBuild
                    .Require()
                    .AddTo(
                        client,
                        new ClusterIdentity(() => identity.Certificate, peer => identity.Refusal(peer) is null)
                    );
            }
        });
        var services = builder.Services;
        services.Configure<HostOptions>(o =>
        {
            // Or nothing would listen while no silo is up.
            o.ServicesStartConcurrently = true;
            // It keeps nothing, so that there is little to wait for.
            o.ShutdownTimeout = TimeSpan.FromSeconds(5);
        });
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => store); // made so, it is disposed of with the host
        services.AddSingleton(new GatewayTls(identity));
        services.AddSingleton<ClusterRefusal>();
        services.AddSingleton<ClusterConnection>();
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(p =>
            p.GetRequiredService<ClusterConnection>()
        );
        services.AddSingleton(p => new ClusterCalls(
            p.GetRequiredService<ClusterConnection>(),
            settings.Patience,
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<ISweepEngine>(p => new ClusterEngine(
            p.GetRequiredService<IGrainFactory>(),
            p.GetRequiredService<IResultStore>(),
            p.GetRequiredService<ClusterCalls>(),
            settings,
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddWebApi(settings.Web);
        return builder;
    }
}
