using Layerbench.Engine.Tls;
using Microsoft.Extensions.Hosting;

namespace Layerbench.Gateway;

/// <summary>
/// Tries to reach the cluster for as long as it takes, and meanwhile requests are answered with 503; but where silos are there
/// and their TLS is another, waiting does not help: the gateway ends, and says why.
/// </summary>
internal sealed class ConnectingAgain(
    GatewaySettings settings,
    GatewayTls tls,
    ClusterRefusal refusal,
    IHostApplicationLifetime lifetime
) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(500);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        refusal.Reason = await Peers.ProblemAsync(settings, tls.Identity, cancellationToken);
        if (refusal.Reason is not null)
        {
            lifetime.StopApplication();
            return false;
        }

        await Task.Delay(pause, cancellationToken);
        return true;
    }
}

/// <summary>By what silos know this gateway.</summary>
/// <param name="Identity">Null: silos and gateways speak in the clear.</param>
internal sealed record GatewayTls(TlsIdentity? Identity);

/// <summary>Why the cluster does not take this gateway.</summary>
internal sealed class ClusterRefusal
{
    /// <summary>Null: nothing is known to be wrong.</summary>
    public string? Reason { get; set; }
}
