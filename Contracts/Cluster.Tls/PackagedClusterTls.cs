using Layerbench.Cluster.Tls;
using Orleans.Connections.Security;

[assembly: ClusterTls(typeof(PackagedClusterTls))]

namespace Layerbench.Cluster.Tls;

/// <summary>Microsoft.Orleans.Connections.Security.</summary>
public sealed class PackagedClusterTls : IClusterTls
{
    /// <summary>Not looked up and not held against a certificate; TLS wants a name.</summary>
    private const string ClusterName = "layerbench";

    public void AddTo(ISiloBuilder silo, ClusterIdentity identity) => silo.UseTls(o => UseMutual(o, identity));

    public void AddTo(IClientBuilder client, ClusterIdentity identity) => client.UseTls(o => UseMutual(o, identity));

    private static void UseMutual(TlsOptions options, ClusterIdentity identity)
    {
        options.LocalServerCertificateSelector = (_, _) => identity.Own();
        options.LocalClientCertificateSelector = (_, _, _, _, _) => identity.Own();
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.AllowCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => identity.IsMember(certificate);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = ClusterName;
    }
}
