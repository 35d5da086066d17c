using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Layerbench.Engine.Files;

namespace Layerbench.Engine.Tls;

/// <summary>
/// A part's certificate and whom it takes for a part of its cluster. The files are read again when they change, so that
/// certificates are renewed without a restart; those that have become wrong leave what was read before in force, and that
/// is said.
/// </summary>
/// <remarks>
/// No host name is held against a certificate: pods and cloud machines change theirs, and the authority is the cluster's own.
/// </remarks>
public sealed class TlsIdentity
{
    // RFC 5280, 4.2.1.12: a certificate that says what it is for is used for nothing else.
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly TlsFiles files;
    private readonly Action<string> say;
    private readonly Lock gate = new();
    private Read current;

    /// <param name="files">All are given.</param>
    /// <param name="say">Told in one line when files that have changed are wrong.</param>
    /// <exception cref="InvalidDataException">They are wrong.</exception>
    public TlsIdentity(TlsFiles files, Action<string> say)
    {
        (this.files, this.say) = (files, say);
        var (read, problem) = Load(files);
        current = read ?? throw new InvalidDataException($"Tls:{problem}");
    }

    public X509Certificate2 Certificate => Current().Certificate;

    /// <summary>Why a certificate is not of this cluster; null: it is.</summary>
    public string? Refusal(X509Certificate2 peer) => Refusal(peer, Current().Authorities, files.Authority);

    /// <summary>What is wrong with the files, under the setting's name; null: nothing.</summary>
    public static string? ProblemOf(TlsFiles files)
    {
        var (read, problem) = Load(files);
        read?.Certificate.Dispose();
        return problem;
    }

    private Read Current()
    {
        lock (gate)
        {
            var written = Stamps(files);
            if (written == current.Stamps)
            {
                return current;
            }

            var (read, problem) = Load(files);
            if (read is null)
            {
                say($"Tls:{problem}; what was read before stays in force");
            }

            // What was there before is not disposed of: a connection may be using it.
            current = read ?? current with { Stamps = written };
            return current;
        }
    }

    private static (Read? Read, string? Problem) Load(TlsFiles files)
    {
        var setting = nameof(files.Authority);
        try
        {
            var written = Stamps(files);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(files.Authority);
            if (authorities.Count == 0)
            {
                return (
                    null,
                    $"{setting}: '{files.Authority}' has no certificate in PEM; give the authority's, e.g. ca.crt"
                );
            }

            setting = nameof(files.Certificate);
            var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var problem = Refusal(own, authorities, files.Authority) ?? ProblemOfUse(own);
            return problem is null
                ? (new Read(own, authorities, written), null)
                : (null, $"{setting}: '{files.Certificate}': {problem}");
        }
        catch (Exception wrong)
            when (wrong is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var path = setting == nameof(files.Authority) ? files.Authority : $"{files.Certificate}' with '{files.Key}";
            return (
                null,
                $"{setting}: '{path}' cannot be used ({wrong.Message.TrimEnd('.')}); give files in PEM, the key without a passphrase"
            );
        }
    }

    private static string? Refusal(X509Certificate2 certificate, X509Certificate2Collection authorities, string file)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (chain.Build(certificate))
        {
            return null;
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        return (status & ~X509ChainStatusFlags.NotTimeValid) == X509ChainStatusFlags.NoError
            ? $"{certificate.Subject} is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, and not now; renew it"
            : $"{certificate.Subject} is not of an authority in '{file}'; give every silo and gateway of the cluster certificates of one authority";
    }

    private static string? ProblemOfUse(X509Certificate2 certificate)
    {
        var uses = certificate
            .Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value))
            .ToList();
        return uses.Count == 0 || (uses.Contains(ForServers) && uses.Contains(ForClients))
            ? null
            : "is not for both servers and clients, and silos are both; issue it with both extended key usages, or with none";
    }

    private static (FileStamp, FileStamp, FileStamp) Stamps(TlsFiles files) =>
        (FileStamp.Of(files.Certificate), FileStamp.Of(files.Key), FileStamp.Of(files.Authority));

    private sealed record Read(
        X509Certificate2 Certificate,
        X509Certificate2Collection Authorities,
        (FileStamp, FileStamp, FileStamp) Stamps
    );
}
