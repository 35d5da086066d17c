using Layerbench.Cli;
using Layerbench.Cli.Remote;
using Layerbench.Cluster.Tests.Gateway;
using Layerbench.Cluster.Tls;
using Layerbench.Engine.Tls;
using Layerbench.Silo;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Tls;

/// <summary>A cluster whose parts know each other by certificates, with certificates made here.</summary>
public sealed class TlsClusterTests : IDisposable
{
    private const int Cells = 40;

    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-tls-").FullName;
    private readonly TestAuthority authority;
    private readonly int siloPort = TestCluster.FreePort();
    private readonly int gatewayPort = TestCluster.FreePort();

    public TlsClusterTests() => authority = new TestAuthority(folder, "cluster");

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task PartsWithCertificatesDoASweepAndThoseWithoutAreRefusedInOneLine()
    {
        Assert.SkipWhen(TlsOfBuild.Find() is null, "this build is without OrleansTls: the package feed lacked it");
        using var other = new TestAuthority(folder, "other");
        using var early = Gateway(other.For("early"), $"--urls=http://127.0.0.1:{TestCluster.FreePort()}");
        using var first = Silo("a", siloPort, gatewayPort, authority.For("a"));
        using var second = Silo("b", TestCluster.FreePort(), TestCluster.FreePort(), authority.For("b"));
        var (certificate, key) = authority.Issue("web");
        var port = TestCluster.FreePort();
        var address = $"https://127.0.0.1:{port}";
        using var gateway = Gateway(
            authority.For("gateway"),
            $"--urls={address}",
            $"--Kestrel:Certificates:Default:Path={certificate}",
            $"--Kestrel:Certificates:Default:KeyPath={key}"
        );
        using var client = new HttpClient(ServerTrust.OfFile(authority.File).Handler())
        {
            BaseAddress = new Uri(address),
        };
        await Wait.UntilAsync(
            async () =>
                await RunningGateway.AnswersAsync(client, "/health")
                && (await client.GetStringAsync("/api/v1/nodes")).Split("simulated:0").Length == 3,
            () => first.Output + second.Output + gateway.Output
        );
        var sweep = Path.Combine(folder, "sweep.yaml");
        await File.WriteAllTextAsync(sweep, $"simulated: {Cells}");

        var untrusted = await RunAsync("submit", sweep, "--server", address);
        var another = await RunAsync("nodes", "--server", address, "--ca-file", other.File);
        var ran = await RunAsync("run", sweep, "--cluster", "--server", address, "--ca-file", authority.File);

        untrusted.Code.ShouldBe(ExitCode.BadInput);
        untrusted.Error.ShouldBe(
            $"error: {address}: its certificate (CN=web) is of an authority that this system does not trust; "
                + "give that with --ca-file, or LAYERBENCH_CA_FILE\n"
        );
        another.Code.ShouldBe(ExitCode.BadInput);
        another.Error.ShouldBe(
            $"error: {address}: its certificate (CN=web) is not of an authority in '{other.File}'; "
                + "give the file of the authority that issued it\n"
        );
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        (await RunAsync("status", "--server", address, "--ca-file", authority.File)).Output.ShouldContain(
            $"{Cells} of {Cells}"
        );

        await ShouldBeRefusedAsync(
            Silo("c", TestCluster.FreePort(), TestCluster.FreePort(), other.For("c")),
            $"layerbench-silo: 127.0.0.1:{siloPort}: CN=a is not of an authority in '{other.File}'"
        );
        await ShouldBeRefusedAsync(
            Silo("d", TestCluster.FreePort(), TestCluster.FreePort(), new TlsFiles()),
            $"layerbench-silo: 127.0.0.1:{siloPort} speaks TLS, and this has no certificate; "
                + "give Tls:Certificate, Tls:Key and Tls:Authority"
        );
        await ShouldBeRefusedAsync(
            Gateway(other.For("gateway"), $"--urls=http://127.0.0.1:{TestCluster.FreePort()}"),
            $"layerbench-gateway: 127.0.0.1:{gatewayPort}: CN=a is not of an authority in '{other.File}'"
        );
        await ShouldBeRefusedAsync(
            Gateway(new TlsFiles(), $"--urls=http://127.0.0.1:{TestCluster.FreePort()}"),
            $"layerbench-gateway: 127.0.0.1:{gatewayPort} speaks TLS, and this has no certificate"
        );
        // It was there before the silos, and found out when it reached them.
        (await early.ExitAsync()).ShouldBe(2);
        early.Output.ShouldContain(
            $"layerbench-gateway: 127.0.0.1:{gatewayPort}: CN=a is not of an authority in '{other.File}'"
        );
    }

    private static async Task ShouldBeRefusedAsync(SiloProcess process, string reason)
    {
        using (process)
        {
            var code = await process.ExitAsync();
            process.Output.ShouldContain(reason);
            process.Output.ShouldNotContain("   at ");
            code.ShouldBe(2, process.Output);
        }
    }

    private SiloProcess Silo(string node, int port, int clients, TlsFiles tls) =>
        SiloProcess.Start(
            new SiloSettings
            {
                Node = node,
                Devices = ["simulated:1"],
                ClusterId = "tls",
                SiloPort = port,
                GatewayPort = clients,
                HttpPort = 0,
                Primary = port == siloPort ? "" : $"127.0.0.1:{siloPort}",
                Data = folder,
                Times = TestCluster.Quick,
            },
            tls.Environment()
        );

    private SiloProcess Gateway(TlsFiles tls, params string[] arguments) =>
        SiloProcess.StartGateway([
            $"--Layerbench:Data={folder}",
            "--Layerbench:ClusterId=tls",
            $"--Layerbench:Silos:0=127.0.0.1:{gatewayPort}",
            .. tls.Arguments(),
            .. arguments,
        ]);

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(arguments);
}
