using Layerbench.Core.Results;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;

namespace Layerbench.Gateway;

/// <summary>The one place that knows where results lie.</summary>
internal static class ResultStores
{
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static async Task<IResultStore> OpenAsync(GatewaySettings settings)
    {
        if (settings.PostgresAddress is { } address)
        {
            return await PostgresResultStore.OpenAsync(address);
        }

        Directory.CreateDirectory(settings.Data);
        return SqliteResultStore.Open(Path.Combine(settings.Data, "layerbench.db"));
    }
}
