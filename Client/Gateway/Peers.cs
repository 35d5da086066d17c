using System.Net;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;

namespace Layerbench.Gateway;

/// <summary>The silos that a gateway speaks to.</summary>
internal static class Peers
{
    /// <summary>Why they and this gateway do not understand each other, in one line; null: nothing is known to be wrong.</summary>
    public static async Task<string?> ProblemAsync(
        GatewaySettings settings,
        TlsIdentity? own,
        CancellationToken cancellation = default
    ) => await TlsProbe.ProblemAsync(await FindAsync(settings, cancellation), own, cancellation);

    /// <summary>None where the database does not answer, which is said elsewhere.</summary>
    private static async Task<IReadOnlyList<IPEndPoint>> FindAsync(
        GatewaySettings settings,
        CancellationToken cancellation
    )
    {
        if (settings.PostgresAddress is not { } address)
        {
            return settings.SiloEndpoints;
        }

        await using var rows = new MembershipRows(address, settings.ClusterId);
        try
        {
            return
            [
                .. (await rows.ActiveAsync(cancellation)).Select(r => new IPEndPoint(
                    IPAddress.Parse(r.Address),
                    r.GatewayPort
                )),
            ];
        }
        catch (StoreException)
        {
            return [];
        }
    }
}
