using System.Reflection;

namespace Layerbench.Cluster.Tls;

/// <summary>The TLS that this build has between silos and clients.</summary>
public static class TlsOfBuild
{
    /// <summary>What a build without it says to settings that ask for it.</summary>
    public const string Missing =
        "Tls: certificates are given, and this build is without Microsoft.Orleans.Connections.Security, "
        + "because the package feed lacked it; leave Tls out on a network of the cluster's own, or build with a feed that has it (docs/editions.md)";

    private const string Packaged = "Layerbench.Cluster.Tls";

    /// <summary>Null: this build was made without.</summary>
    public static IClusterTls? Find()
    {
        try
        {
            var type = Assembly.Load(Packaged).GetCustomAttribute<ClusterTlsAttribute>()?.Type;
            return type is null ? null : (IClusterTls)Activator.CreateInstance(type)!;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <param name="wanted">Whether settings ask for it.</param>
    /// <param name="errors">What else is wrong with them.</param>
    public static IEnumerable<string> Errors(bool wanted, IEnumerable<string> errors) =>
        wanted && Find() is null ? [Missing] : errors;

    /// <exception cref="InvalidDataException">This build was made without.</exception>
    public static IClusterTls Require() => Find() ?? throw new InvalidDataException(Missing);
}
