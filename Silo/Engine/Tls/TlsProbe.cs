using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Layerbench.Engine.Tls;

/// <summary>
/// Why two parts of a cluster do not understand each other: asked of one that listens, because what Orleans says of a
/// connection that was refused does not tell.
/// </summary>
public static class TlsProbe
{
    private const string ClusterName = "layerbench";
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    /// <summary>All are asked at once: one that does not answer takes seconds, however many there are.</summary>
    /// <inheritdoc cref="ProblemAsync(IPEndPoint, TlsIdentity?, CancellationToken)"/>
    /// <returns>That of the first, in their order, that has one; null: nothing is known to be wrong with any.</returns>
    public static async Task<string?> ProblemAsync(
        IEnumerable<IPEndPoint> peers,
        TlsIdentity? own,
        CancellationToken cancellation = default
    ) => (await Task.WhenAll(peers.Select(p => ProblemAsync(p, own, cancellation)))).FirstOrDefault(p => p is not null);

    /// <param name="own">Null: this part speaks in the clear.</param>
    /// <returns>One line for the operator; null: nothing is known to be wrong with their TLS, or nobody is there.</returns>
    public static async Task<string?> ProblemAsync(
        IPEndPoint peer,
        TlsIdentity? own,
        CancellationToken cancellation = default
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(peer, limit.Token);
        }
        catch (Exception away) when (away is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }

        return own is null
            ? await OfPlainAsync(client, peer, limit.Token)
            : await OfTlsAsync(client, peer, own, limit.Token);
    }

    private static async Task<string?> OfPlainAsync(TcpClient client, IPEndPoint peer, CancellationToken cancellation)
    {
        var speaksTls = false;
        // Nothing is sent over it: that the other has a certificate is all that is asked.
        await using var stream = new SslStream(
            client.GetStream(),
            leaveInnerStreamOpen: false,
            (_, _, _, _) => speaksTls = true
        );
        try
        {
            await stream.AuthenticateAsClientAsync(Options(null), cancellation);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException or OperationCanceledException)
        {
            // As one that speaks in the clear does as well.
        }

        return speaksTls
            ? $"{peer} speaks TLS, and this has no certificate; give Tls:Certificate, Tls:Key and Tls:Authority"
            : null;
    }

    private static async Task<string?> OfTlsAsync(
        TcpClient client,
        IPEndPoint peer,
        TlsIdentity own,
        CancellationToken cancellation
    )
    {
        string? refusal = null;
        var answered = false;
        await using var stream = new SslStream(
            client.GetStream(),
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) =>
            {
                answered = true;
                using var theirs = certificate is null ? null : new X509Certificate2(certificate);
                refusal = theirs is null ? "it has no certificate" : own.Refusal(theirs);
                return refusal is null;
            }
        );
        try
        {
            await stream.AuthenticateAsClientAsync(Options(own.Certificate), cancellation);
            // Since TLS 1.3 a server judges the client's certificate after the client's part is over; silence is consent.
            return await stream.ReadAsync(new byte[1], cancellation) == 0 ? Refused(peer) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return refusal is not null ? $"{peer}: {refusal}"
                : answered ? Refused(peer)
                : $"{peer} does not speak TLS, and this does; give it Tls:Certificate, Tls:Key and Tls:Authority, or leave them out here";
        }
    }

    private static string Refused(IPEndPoint peer) =>
        $"{peer} refuses this certificate; give every silo and gateway of the cluster certificates of one authority";

    private static SslClientAuthenticationOptions Options(X509Certificate2? own) =>
        new()
        {
            TargetHost = ClusterName,
            ClientCertificates = own is null ? null : [own],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
}
