using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;

namespace Layerbench.Silo.Clustering;

/// <summary>The store that all silos of the cluster share.</summary>
internal static class ResultStores
{
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static IResultStore Open(SiloSettings settings)
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
