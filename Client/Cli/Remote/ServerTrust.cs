using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Layerbench.Cli.Remote;

/// <summary>Which servers' certificates are believed, and why one was not.</summary>
internal sealed class ServerTrust
{
    private readonly X509Certificate2Collection authorities;
    private readonly string? file;
    private volatile string? refused;

    private ServerTrust(X509Certificate2Collection authorities, string? file) =>
        (this.authorities, this.file) = (authorities, file);

    /// <summary>Those that this system trusts.</summary>
    public static ServerTrust OfSystem => new([], null);

    /// <summary>Those of the authorities in a PEM file, and no others.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    public static ServerTrust OfFile(string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new BadInputException($"--ca-file '{path}' cannot be read: {e.Message}", e);
        }

        return found.Count > 0
            ? new(found, path)
            : throw new BadInputException(
                $"--ca-file '{path}' has no certificate in PEM; give the authority's, e.g. ca.crt"
            );
    }

    /// <summary>Whether trying again does not help.</summary>
    public static bool IsLasting(Exception? error) => error?.InnerException is AuthenticationException;

    public SocketsHttpHandler Handler() =>
        new()
        {
            SslOptions = new()
            {
                CertificateChainPolicy = Policy(),
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    refused = errors == SslPolicyErrors.None ? null : Reason(certificate, chain, errors);
                    return refused is null;
                },
            },
        };

    /// <summary>What is wrong with the server's TLS, and what to do; null: that was not it.</summary>
    public string? Refusal(Exception? error) =>
        !IsLasting(error) ? null
        : refused is { } reason ? reason
        : $"does not speak TLS ({error!.InnerException!.Message.TrimEnd('.')}); use http:// if it is meant to be so";

    private X509ChainPolicy? Policy()
    {
        if (file is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        return policy;
    }

    private string Reason(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate is {certificate?.Subject}'s and not of that name; give the name that the certificate has";
        }

        var status = chain?.ChainStatus.Select(s => s.Status).ToHashSet() ?? [];
        return status.Contains(X509ChainStatusFlags.NotTimeValid)
                ? $"its certificate has expired or is not valid yet ({certificate?.GetExpirationDateString()}); have it renewed"
            : file is null
                ? $"its certificate ({certificate?.Subject}) is of an authority that this system does not trust; give that with --ca-file, or {ServerOptions.AuthorityVariable}"
            : $"its certificate ({certificate?.Subject}) is not of an authority in '{file}'; give the file of the authority that issued it";
    }
}
