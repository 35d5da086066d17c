using System.Globalization;
using Layerbench.Cluster;
using Layerbench.Core.Engines;

namespace Layerbench.Gateway;

/// <summary>What the fleet's workers can run. A fleet that was just started has not heard of any: it is waited for.</summary>
internal sealed class FleetWorkers(IGrainFactory grains, ClusterCalls calls, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan askAgain = TimeSpan.FromSeconds(5);

    /// <exception cref="EngineUnavailableException">No node has told of its workers.</exception>
    public async Task<FleetCatalog> CatalogAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var fleet = grains.GetGrain<IFleetGrain>(IFleetGrain.Key);
            var catalog = await calls.AskAsync(() => fleet.Catalog(), cancellation);
            if (catalog.Backends.Count > 0)
            {
                return catalog;
            }

            if (time.GetElapsedTime(since) > patience)
            {
                throw new EngineUnavailableException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"no node has told what it can run within {patience.TotalSeconds:0.#} s, so the sweep cannot be checked; start silos (`layerbench nodes` shows those that are there), and submit it again"
                    ),
                    askAgain
                );
            }

            await Task.Delay(lookAgain, time, cancellation);
        }
    }
}
