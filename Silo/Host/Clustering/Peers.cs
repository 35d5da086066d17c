using System.Net;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;

namespace Layerbench.Silo.Clustering;

/// <summary>The silos that are there before this one joins.</summary>
internal static class Peers
{
    /// <summary>Why they and this silo do not understand each other, in one line; null: nothing is known to be wrong.</summary>
    public static async Task<string?> ProblemAsync(SiloSettings settings, TlsIdentity? own) =>
        await TlsProbe.ProblemAsync(await FindAsync(settings), own);

    private static async Task<IReadOnlyList<IPEndPoint>> FindAsync(SiloSettings settings)
    {
        if (settings.PostgresAddress is not { } address)
        {
            return settings.PrimaryEndpoint is { } primary ? [primary] : [];
        }

        await using var rows = new MembershipRows(address, settings.ClusterId);
        return
        [
            .. (await rows.ActiveAsync())
                .Where(r => (r.Address, r.Port) != (settings.Address, settings.SiloPort))
                .Select(r => new IPEndPoint(IPAddress.Parse(r.Address), r.Port)),
        ];
    }
}
