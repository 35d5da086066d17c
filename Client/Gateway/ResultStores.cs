using Layerbench.Core.Results;
using Layerbench.Engine.Stores;

namespace Layerbench.Gateway;

/// <summary>The one place that knows where results lie.</summary>
internal static class ResultStores
{
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static IResultStore Open(GatewaySettings settings)
    {
        Directory.CreateDirectory(settings.Data);
        return SqliteResultStore.Open(Path.Combine(settings.Data, "layerbench.db"));
    }
}
