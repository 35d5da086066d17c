using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;

namespace Layerbench.Silo.Clustering;

/// <summary>The store that all silos of the cluster share.</summary>
internal static class ResultStores
{
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static async Task<IResultStore> OpenAsync(SiloSettings settings)
    {
        if (settings.PostgresAddress is { } address)
        {
            return await PostgresResultStore.OpenAsync(address);
        }

        Directory.CreateDirectory(settings.Data);
        return SqliteResultStore.Open(Path.Combine(settings.Data, "layerbench.db"));
    }
}
