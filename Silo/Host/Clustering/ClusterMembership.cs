using System.Net;
using Layerbench.Core.Results;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Layerbench.Silo.Clustering;

/// <summary>
/// How silos find each other and where their grains' state is: over PostgreSQL, or on one machine over the first silo and a
/// folder.
/// </summary>
internal static class ClusterMembership
{
    /// <summary>A silo that has said nothing for this long, and does not answer, is not there any more.</summary>
    public static readonly TimeSpan Unseen = TimeSpan.FromSeconds(15);

    /// <summary>As long for one at whose port its machine says that nobody listens; a silo says twice in it that it is there.</summary>
    public static readonly TimeSpan UnseenAndRefused = TimeSpan.FromSeconds(6);

    private const string Npgsql = nameof(Npgsql);

    /// <summary>Grain storage as Orleans' package gives it; grains use it through <see cref="PatientGrainStorage"/>.</summary>
    private const string Raw = "layerbench-raw";

    public static ISiloBuilder UseCluster(this ISiloBuilder silo, SiloSettings settings) =>
        settings.PostgresAddress is { } address ? silo.UsePostgres(settings, address) : silo.UseOneMachine(settings);

    private static ISiloBuilder UseOneMachine(this ISiloBuilder silo, SiloSettings settings)
    {
        silo.UseLocalhostClustering(
            settings.SiloPort,
            settings.GatewayPort,
            settings.PrimaryEndpoint,
            settings.ClusterId,
            settings.ClusterId
        );
        // A killed silo is declared dead after about 3 s instead of 6 to 30. One vote is enough because on one machine a
        // silo is not cut off from some and heard by others; not for a network.
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.NumMissedProbesLimit = 3;
            o.NumVotesForDeathDeclaration = 1;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        silo.Services.AddGrainStorage(
            GrainStorageName.Value,
            (_, _) => new FolderGrainStorage(Path.Combine(settings.Data, "grains"))
        );
        return silo;
    }

    private static ISiloBuilder UsePostgres(this ISiloBuilder silo, SiloSettings settings, PostgresAddress address)
    {
        silo.ConfigureEndpoints(IPAddress.Parse(settings.Address), settings.SiloPort, settings.GatewayPort);
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (settings.ClusterId, settings.ClusterId));
        silo.UseAdoNetClustering(
            (AdoNetClusteringSiloOptions o) =>
            {
                o.Invariant = Npgsql;
                o.ConnectionString = address.ConnectionString;
            }
        );
        // On a network a silo may be cut off from some and heard by others, so it takes two to declare one dead, where there
        // are more than two. A silo that hangs is found by probes alone: its connections stay open.
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(2);
            o.MaxProbeTimeout = TimeSpan.FromSeconds(3);
            o.NumMissedProbesLimit = 3;
            o.NumVotesForDeathDeclaration = 2;
            o.EnableConnectionLivenessCheck = false;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.IAmAliveTablePublishTimeout = UnseenAndRefused / 2;
            // One that cannot join ends, and is started again by whatever runs it. But one that takes so long to start is busy:
            // alone in the table it would vote itself dead. A row that joins no more is cleaned up with the dead ones.
            o.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
            o.EvictWhenMaxJoinAttemptTimeExceeded = false;
            o.DefunctSiloExpiration = TimeSpan.FromHours(1);
            o.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });
        silo.AddAdoNetGrainStorage(
            Raw,
            (AdoNetGrainStorageOptions o) =>
            {
                o.Invariant = Npgsql;
                o.ConnectionString = address.ConnectionString;
                o.GrainStorageSerializer = new CoreStateSerializer();
            }
        );
        silo.Services.AddGrainStorage(
            GrainStorageName.Value,
            (services, _) => new PatientGrainStorage(services.GetRequiredKeyedService<IGrainStorage>(Raw))
        );
        silo.Services.AddSingleton(services =>
        {
            // Opening it brings the database to this build's schema, the rows' table with it.
            _ = services.GetRequiredService<IResultStore>();
            return new MembershipRows(address, settings.ClusterId);
        });
        silo.Services.AddHostedService<LeftoverSilos>();
        return silo;
    }
}
