using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Layerbench.Tests.Shared;

/// <summary>An authority that issues certificates for a test, into a folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset longAgo = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly DateTimeOffset farOff = DateTimeOffset.UnixEpoch.AddYears(100);

    private readonly string folder;
    private readonly string name;
    private readonly X509Certificate2 authority;

    public TestAuthority(string folder, string name)
    {
        (this.folder, this.name) = (folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authority = request.CreateSelfSigned(longAgo, farOff);
        File = Path.Combine(folder, $"{name}.crt");
        System.IO.File.WriteAllText(File, authority.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    public string File { get; }

    /// <summary>Issues a certificate for 127.0.0.1, and returns its file and its key's.</summary>
    /// <param name="uses">Extended key usages; none: not said.</param>
    public (string Certificate, string Key) Issue(string subject, DateTimeOffset? expires = null, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (uses.Length > 0)
        {
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([.. uses.Select(u => new Oid(u))], critical: false)
            );
        }

        using var issued = request.Create(authority, longAgo, expires ?? farOff, RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(folder, $"{name}-{subject}");
        System.IO.File.WriteAllText($"{file}.key", key.ExportPkcs8PrivateKeyPem());
        System.IO.File.WriteAllText($"{file}.crt", issued.ExportCertificatePem());
        return ($"{file}.crt", $"{file}.key");
    }

    public void Dispose() => authority.Dispose();
}
