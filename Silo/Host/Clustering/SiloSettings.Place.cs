using System.Net;
using Layerbench.Engine.Stores;

namespace Layerbench.Silo;

// Where the cluster's state is, and where this silo is reached.
public sealed partial record SiloSettings
{
    private IEnumerable<string> PlaceErrors()
    {
        if (
            !IPAddress.TryParse(Address, out var address)
            || address.Equals(IPAddress.Any)
            || address.Equals(IPAddress.IPv6Any)
        )
        {
            yield return $"Address: '{Address}' is no address of a machine; give the one on which other silos reach this one, e.g. 10.0.0.7";
        }

        if (Postgres.Length == 0)
        {
            if (Data.Length == 0)
            {
                yield return "Data: is missing; give the folder of the results that all silos share, e.g. /var/lib/layerbench, "
                    + "or Postgres";
            }

            if (address is not null && !IPAddress.IsLoopback(address))
            {
                yield return $"Address: '{Address}' is not loopback, and silos that share a folder are on one machine; leave it "
                    + "out, or give Postgres";
            }

            yield break;
        }

        if (Problem() is { } problem)
        {
            yield return $"Postgres: {problem}";
        }

        foreach (var (name, value) in new[] { (nameof(Data), Data), (nameof(Primary), Primary) })
        {
            if (value.Length > 0)
            {
                yield return $"{name}: '{value}' has no meaning with Postgres; leave one of them out";
            }
        }
    }

    private string? Problem()
    {
        try
        {
            _ = PostgresAddress;
            return null;
        }
        catch (StoreException wrong)
        {
            return wrong.Message;
        }
    }
}
