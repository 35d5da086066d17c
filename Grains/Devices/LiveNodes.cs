namespace Layerbench.Grains.Devices;

/// <summary>Which nodes have a silo, by Orleans' own membership as this silo knows it; asking costs no call.</summary>
internal sealed class LiveNodes(ISiloStatusOracle membership)
{
    /// <summary>Nodes that have a silo.</summary>
    public IEnumerable<string> Names() => Alive().OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Whether no silo of this node is alive. False while it is not known of a silo which node it is: leases end by
    /// themselves, so nothing hangs on being told at once.
    /// </summary>
    public bool IsGone(string node) =>
        Alive().All(n => n is not null && !string.Equals(n, node, StringComparison.Ordinal));

    /// <summary>Whether the silo was declared dead; false of one that is not known.</summary>
    /// <param name="silo">As <see cref="SiloAddress.ToParsableString"/> writes it.</param>
    public bool IsDead(string silo) =>
        membership.GetApproximateSiloStatus(SiloAddress.FromParsableString(silo)) == SiloStatus.Dead;

    public bool IsOf(SiloAddress silo, string node) => string.Equals(NodeOf(silo), node, StringComparison.Ordinal);

    /// <summary>The node of each silo that is alive; null where that is not known.</summary>
    private IEnumerable<string?> Alive() =>
        membership
            .GetApproximateSiloStatuses()
            .Where(s => s.Value is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
            .Select(s => NodeOf(s.Key));

    private string? NodeOf(SiloAddress silo) => membership.TryGetSiloName(silo, out var name) ? name : null;
}
