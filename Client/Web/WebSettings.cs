using Layerbench.Core.Engines;
using Microsoft.Extensions.Configuration;

namespace Layerbench.Web;

/// <summary>What a server of sweeps is told by its operator; where it listens, and with which certificate, is Kestrel's own configuration.</summary>
public sealed record WebSettings
{
    /// <summary>Where to listen if nothing else is configured.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>The token file; empty: nobody is asked for a token, which only a server on loopback may do.</summary>
    public string Tokens { get; init; } = "";

    public SubmitLimits Limits { get; init; } = new();

    /// <summary>Everything wrong with them: the value, the rule, the repair.</summary>
    /// <param name="configuration">The host's, which says where it will listen.</param>
    public IEnumerable<string> Errors(IConfiguration configuration)
    {
        if (Tokens.Length == 0 && Access.Listening.Problem(configuration) is { } open)
        {
            yield return open;
        }

        foreach (var error in Limits.Errors())
        {
            yield return $"{nameof(Limits)}:{error}";
        }

        if (Tokens.Length > 0)
        {
            foreach (var error in Access.TokenBook.ProblemsOf(Tokens))
            {
                yield return $"{nameof(Tokens)}: {error}";
            }
        }
    }
}
