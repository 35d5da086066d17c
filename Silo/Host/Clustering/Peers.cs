using System.Net;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Engine.Tls;

namespace Layerbench.Silo.Clustering;

/// <summary>The silos that are there before this one joins.</summary>
internal static class Peers
{
    /// <summary>
    /// Why they and this silo cannot be of one cluster, in one line; null: nothing is known to be wrong. They are there already,
    /// and a silo that joined in the place of one of them would end it.
    /// </summary>
    public static async Task<string?> ProblemAsync(SiloSettings settings, TlsIdentity? own)
    {
        if (await ElsewhereAsync(settings) is { } elsewhere)
        {
            return elsewhere;
        }

        foreach (var peer in await FindAsync(settings))
        {
            if (await TlsProbe.ProblemAsync(peer, own) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>
    /// Nobody listens at this silo's endpoint here, and a silo of another machine that was seen just now has the same one: both
    /// were left at an address that every machine has.
    /// </summary>
    private static async Task<string?> ElsewhereAsync(SiloSettings settings)
    {
        if (settings.PostgresAddress is not { } address)
        {
            return null;
        }

        await using var rows = new MembershipRows(address, settings.ClusterId);
        var other = (await rows.ActiveAsync()).FirstOrDefault(r =>
            (r.Address, r.Port) == (settings.Address, settings.SiloPort)
            && r.Unseen < ClusterMembership.UnseenAndRefused
            && !string.Equals(r.Host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
        );
        return other is null
            ? null
            : $"{SiloSettings.Section}:Address: {settings.Address}:{settings.SiloPort} is also the address of a silo on machine "
                + $"'{other.Host}'; give each machine's silo the address on which the others reach it, e.g. 10.0.0.7";
    }

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
