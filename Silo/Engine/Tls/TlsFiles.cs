namespace Layerbench.Engine.Tls;

/// <summary>
/// Files by which the parts of a cluster know each other, all in PEM: each part has a certificate, and takes those of the
/// same authority for parts of its cluster. All three are given, or none: then the parts speak in the clear.
/// </summary>
public sealed record TlsFiles
{
    /// <summary>This part's certificate.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Its private key, without a passphrase.</summary>
    public string Key { get; init; } = "";

    /// <summary>Certificates of the authorities whose certificates are let in; they should be the cluster's own.</summary>
    public string Authority { get; init; } = "";

    public bool AreGiven => Certificate.Length > 0 && Key.Length > 0 && Authority.Length > 0;

    /// <summary>Everything wrong with them: the value, the rule, the repair.</summary>
    public IEnumerable<string> Errors()
    {
        if (Certificate.Length + Key.Length + Authority.Length == 0)
        {
            yield break;
        }

        foreach (
            var (name, path) in new[]
            {
                (nameof(Certificate), Certificate),
                (nameof(Key), Key),
                (nameof(Authority), Authority),
            }
        )
        {
            if (path.Length == 0)
            {
                yield return $"Tls:{name}: is missing; give Certificate, Key and Authority, or none of them";
            }
        }

        if (AreGiven && TlsIdentity.ProblemOf(this) is { } problem)
        {
            yield return $"Tls:{problem}";
        }
    }
}
