using Orleans.Runtime.MembershipService;

namespace Layerbench.Silo.Clustering;

/// <summary>Why a silo could not join, in the operator's words.</summary>
internal static class JoinErrors
{
    /// <summary>Null: something else.</summary>
    public static string? Of(Exception error) =>
        error is OrleansClusterConnectivityCheckFailedException
            ? $"this silo cannot reach all silos of the cluster, and did not join ({error.Message}); a silo that hangs keeps "
                + "others out until it is killed; check the network between them and the setting Address, then start again"
            : null;
}
