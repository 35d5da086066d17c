using Layerbench.Cluster.Tls;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Tls;
using Layerbench.Grains;
using Layerbench.Silo.Clustering;
using Layerbench.Silo.Journals;
using Layerbench.Silo.Metrics;
using Layerbench.Silo.Nodes;
using Layerbench.Silo.Planning;
using Layerbench.Silo.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Layerbench.Silo;

/// <summary>Puts a node together: silo, store, devices.</summary>
public static class SiloHost
{
    /// <summary>Added first, a service of the same kind is kept: so a test brings its own store and runners.</summary>
    /// <param name="means">What the node measures with; null: its devices, and no worker but the simulated one.</param>
    /// <param name="identity">By which other parts of the cluster know it; null: all speak in the clear.</param>
    /// <exception cref="StoreException">The results store cannot be opened.</exception>
    public static IHostApplicationBuilder AddNode(
        this IHostApplicationBuilder builder,
        SiloSettings settings,
        NodeMeans? means = null,
        TlsIdentity? identity = null
    )
    {
        builder.UseOrleans(silo =>
        {
            silo.UseCluster(settings);
            if (identity is not null)
            {
                TlsOfBuild
                    .Require()
                    .AddTo(
                        silo,
                        new ClusterIdentity(() => identity.Certificate, peer => identity.Refusal(peer) is null)
                    );
            }

#pragma warning disable ORLEANSEXP003 // Experimental, but Orleans' default directory ends a share of the survivors' grains with every silo that dies.
            silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
            // How long a dead silo's grains are not placed elsewhere, lest it hung and comes back with them; 30 s by default.
            // Here a second activation is harmless: its leases are others, and the store takes each result once.
            silo.Configure<GrainDirectoryOptions>(o => o.RangeLeaseDuration = TimeSpan.FromSeconds(5));
            silo.AddLayerbenchGrains(settings.Node, settings.Times);
        });

        var services = builder.Services;
        // A service is made without awaiting; the silo's own program brings an open store.
        services.TryAddSingleton(_ => ResultStores.OpenAsync(settings).GetAwaiter().GetResult());
        services.TryAddSingleton<ISweepPlanner, NodePlanner>();
        AddRunners(services, settings);
        services.AddSingleton(settings);
        services.AddSingleton(means ?? NodeMeans.WithoutWorkers(settings));
        services.AddSingleton<NodeStanding>();
        services.AddSingleton(p =>
            p.GetRequiredService<NodeMeans>()
                .InfoOf(settings, p.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString())
        );
        services.AddHostedService<NodeService>();
        services.AddHostedService<SurveyService>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.Grace + TimeSpan.FromSeconds(15));
        return builder;
    }

    private static void AddRunners(IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton<NodeRunners>();
        if (settings.Journal.Length == 0)
        {
            services.TryAddSingleton<ISliceRunners>(p => p.GetRequiredService<NodeRunners>());
            return;
        }

        services.AddSingleton(_ => SliceJournal.Open(settings.Journal));
        services.TryAddSingleton<ISliceRunners>(p => new JournaledRunners(
            p.GetRequiredService<NodeRunners>(),
            p.GetRequiredService<SliceJournal>(),
            p.GetRequiredService<TimeProvider>()
        ));
    }
}
