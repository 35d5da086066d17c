using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;

namespace Layerbench.Gateway;

/// <summary>The one place that knows where results lie.</summary>
internal static class ResultStores
{
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static IResultStore Open(GatewaySettings settings)
    {
        if (settings.PostgresAddress is { } address)
        {
            // A service is made without awaiting; nothing else runs yet.
            return PostgresResultStore.OpenAsync(address).GetAwaiter().GetResult();
        }

        Directory.CreateDirectory(settings.Data);
        return SqliteResultStore.Open(Path.Combine(settings.Data, "layerbench.db"));
    }
}
