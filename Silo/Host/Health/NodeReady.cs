using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Silo.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Layerbench.Silo.Health;

/// <summary>Whether the node takes work: it has joined, its store answers, and it does not drain.</summary>
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
            return HealthCheckResult.Unhealthy("the node has not joined the cluster");
        }

        if (standing.Draining)
        {
            return HealthCheckResult.Unhealthy("the node drains and takes no more work");
        }

        try
        {
            _ = await store.CountsAsync(nothing, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the results store does not answer", error);
        }
    }
}
