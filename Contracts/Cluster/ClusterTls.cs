using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Layerbench.Cluster;

/// <summary>Silos and clients that show each other certificates, and speak to nobody who has none of their authority.</summary>
public static class ClusterTls
{
    /// <summary>Not looked up and not held against a certificate; TLS wants a name.</summary>
    private const string ClusterName = "layerbench";

    /// <param name="own">Asked for every connection, so that it may be renewed.</param>
    /// <param name="isMember">Whether a certificate is of this cluster.</param>
    public static void UseMutual(
        this TlsOptions options,
        Func<X509Certificate2> own,
        Func<X509Certificate2, bool> isMember
    )
    {
        options.LocalServerCertificateSelector = (_, _) => own();
        options.LocalClientCertificateSelector = (_, _, _, _, _) => own();
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.AllowCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => isMember(certificate);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = ClusterName;
    }
}
