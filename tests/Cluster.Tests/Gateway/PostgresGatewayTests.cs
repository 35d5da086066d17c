using Layerbench.Cli.Remote;
using Layerbench.Cluster.Tests.Tls;
using Layerbench.Cluster.Tls;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Engine.Tls;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>A gateway over silos that share a PostgreSQL database, with certificates: they find each other there, and let nobody else in.</summary>
public sealed class PostgresGatewayTests : IDisposable
{
    private const int Cells = 100;

    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-tls-").FullName;
    private readonly TestAuthority authority;

    public PostgresGatewayTests() => authority = new TestAuthority(folder, "cluster");

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task WithCertificatesAFollowerSeesTheEndThoughAllSilosWereKilledAndStrangersAreRefused()
    {
        Assert.SkipWhen(TlsOfBuild.Find() is null, "this build is without OrleansTls: the package feed lacked it");
        await using var cluster = await PostgresCluster.StartAsync(authority, "a", "b");
        using var gateway = await RunningGateway.StartAsync(
            Arguments(cluster, authority.For("gateway")),
            TestCluster.FreePort()
        );
        using var remote = new RemoteServer(new Uri(gateway.Address), token: null, TimeProvider.System);
        var (status, _) = await remote.SubmitAsync(
            new SweepSubmission($"simulated: {Cells}", []),
            "sweep",
            CancellationToken.None
        );
        var following = remote.Events(status.Id).FollowAsync(_ => { }, _ => { }, CancellationToken.None);
        await Wait.UntilAsync(async () => (await FinishedAsync(cluster, status)) >= 10, () => gateway.Output);

        foreach (var silo in cluster.Silos.Values)
        {
            silo.Kill();
            await silo.ExitAsync();
        }

        cluster.Add("a");
        cluster.Add("b");

        (await following).End.ShouldBe(RunEnd.Finished, gateway.Output);
        (await FinishedAsync(cluster, status)).ShouldBe(Cells);
        await ShouldRefuseStrangersAsync(cluster);
    }

    private async Task ShouldRefuseStrangersAsync(PostgresCluster cluster)
    {
        using var other = new TestAuthority(folder, "other");
        using var foreign = cluster.Start("c", other.For("c"));
        using var bare = cluster.Start("d", new TlsFiles());
        using var gateway = SiloProcess.StartGateway([
            $"--urls=http://127.0.0.1:{TestCluster.FreePort()}",
            .. Arguments(cluster, new TlsFiles()),
        ]);

        await ShouldEndWithAsync(foreign, "silo", $@": CN=[ab] is not of an authority in '{other.File}'; .+");
        await ShouldEndWithAsync(bare, "silo", " speaks TLS, and this has no certificate; give .+");
        await ShouldEndWithAsync(gateway, "gateway", " speaks TLS, and this has no certificate; give .+");
    }

    /// <summary>One line, about one of the silos that are in the table, and exit code 2.</summary>
    private static async Task ShouldEndWithAsync(SiloProcess refused, string part, string reason)
    {
        var code = await refused.ExitAsync();
        refused.Output.Trim().ShouldMatch($@"^layerbench-{part}: 127\.0\.0\.1:[0-9]+{reason}$");
        code.ShouldBe(2);
    }

    private static IReadOnlyList<string> Arguments(PostgresCluster cluster, TlsFiles tls) =>
        ["--Layerbench:ClusterId=test", $"--Layerbench:Postgres={cluster.Database}", .. tls.Arguments()];

    private static async Task<int> FinishedAsync(PostgresCluster cluster, SweepStatus sweep) =>
        (await cluster.Store.CellsAsync(sweep.Id).ToListAsync()).Count(c => c.Outcome is Outcome.Completed);
}
