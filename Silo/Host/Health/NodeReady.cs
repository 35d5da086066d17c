using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Silo.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Layerbench.Silo.Health;

/// <summary>
/// Whether the node is part of the cluster: it has joined, its store answers, and it is not told to stop. One that an operator
/// drains is ready, and says that it drains: were it not, then whoever waits for pods to be ready (a rolling upgrade, a
/// disruption budget) would wait until somebody ends the draining.
/// </summary>
internal sealed class NodeReady(NodeStanding standing, IResultStore store) : IHealthCheck
{
    /// <summary>No sweep has this id, so that asking for it is cheap.</summary>
    private static readonly SweepId nothing = new("/health");

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (!standing.Joined)
        {
            return HealthCheckResult.Unhealthy(
                "the node has not joined the cluster, or the cluster hears of it no more"
            );
        }

        if (standing.Stopping)
        {
            return HealthCheckResult.Unhealthy("the node stops and takes no more work");
        }

        try
        {
            _ = await store.CountsAsync(nothing, cancellationToken);
            return HealthCheckResult.Healthy(
                standing.Draining
                    ? "the node drains and takes no more work, until 'layerbench drain NODE --undo'"
                    : null
            );
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the results store does not answer", error);
        }
    }
}
