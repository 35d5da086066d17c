using System.Security.Cryptography.X509Certificates;

namespace Layerbench.Cluster.Tls;

/// <summary>Silos and clients that show each other certificates, and speak to nobody who has none of their authority.</summary>
public interface IClusterTls
{
    void AddTo(ISiloBuilder silo, ClusterIdentity identity);

    void AddTo(IClientBuilder client, ClusterIdentity identity);
}

/// <param name="Own">This part's certificate; asked for every connection, so that it may be renewed.</param>
/// <param name="IsMember">Whether a certificate is of this cluster.</param>
public sealed record ClusterIdentity(Func<X509Certificate2> Own, Func<X509Certificate2, bool> IsMember);

/// <summary>Says which TLS an assembly brings.</summary>
/// <param name="type">An <see cref="IClusterTls"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ClusterTlsAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
