namespace Layerbench.Silo.Nodes;

/// <summary>How the node stands in the cluster, as its own process knows.</summary>
internal sealed class NodeStanding
{
    private volatile bool joined;
    private volatile bool draining;

    /// <summary>The fleet has heard of it, and it has not left.</summary>
    public bool Joined
    {
        get => joined;
        set => joined = value;
    }

    /// <summary>It takes no more work: it is told to stop, or the fleet drains it.</summary>
    public bool Draining
    {
        get => draining;
        set => draining = value;
    }
}
