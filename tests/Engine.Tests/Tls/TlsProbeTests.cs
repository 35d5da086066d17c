using System.Net;
using System.Net.Sockets;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Tls;
using Layerbench.Tests.Shared;

namespace Layerbench.Engine.Tests.Tls;

public sealed class TlsProbeTests
{
    /// <summary>Each is answered only after all have been asked, which none would live to see if they were asked in turn.</summary>
    [Fact]
    public async Task PeersAreAskedAtOnceAndTheFirstProblemInTheirOrderIsSaid()
    {
        using var folder = new ScratchFolder();
        using var authority = new TestAuthority(folder.Path, "ca");
        var (certificate, key) = authority.Issue("a");
        var own = new TlsIdentity(
            new TlsFiles
            {
                Certificate = certificate,
                Key = key,
                Authority = authority.File,
            },
            _ => { }
        );
        using var first = Listener();
        using var second = Listener();
        using var third = Listener();
        TcpListener[] peers = [first, second, third];

        var problem = TlsProbe.ProblemAsync(peers.Select(Address), own, TestContext.Current.CancellationToken);

        List<TcpClient> calls = [];
        foreach (var peer in peers)
        {
            calls.Add(await peer.AcceptTcpClientAsync(TestContext.Current.CancellationToken));
        }

        // The first is silent, as one that is held up; the others speak in the clear, and the last is the quickest.
        foreach (var call in calls.Skip(1).Reverse())
        {
            await call.GetStream()
                .WriteAsync("not TLS, but a greeting"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        (await problem)!.ShouldStartWith($"{Address(second)} does not speak TLS, and this does");
        calls.ForEach(c => c.Dispose());
    }

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static IPEndPoint Address(TcpListener listener) => (IPEndPoint)listener.LocalEndpoint;
}
