using Layerbench.Engine.Tls;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Tls;

/// <summary>Certificates of a cluster's parts, as their programs are given them.</summary>
internal static class PartCertificates
{
    public static TlsFiles For(this TestAuthority authority, string part)
    {
        var (certificate, key) = authority.Issue(part);
        return new TlsFiles
        {
            Certificate = certificate,
            Key = key,
            Authority = authority.File,
        };
    }

    public static Dictionary<string, string> Environment(this TlsFiles tls) =>
        !tls.AreGiven
            ? []
            : new(StringComparer.Ordinal)
            {
                ["Layerbench__Tls__Certificate"] = tls.Certificate,
                ["Layerbench__Tls__Key"] = tls.Key,
                ["Layerbench__Tls__Authority"] = tls.Authority,
            };

    public static IEnumerable<string> Arguments(this TlsFiles tls) =>
        tls.Environment().Select(e => $"--{e.Key.Replace("__", ":", StringComparison.Ordinal)}={e.Value}");
}
