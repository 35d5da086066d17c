namespace Layerbench.Silo.Nodes;

/// <summary>How the node stands in the cluster, as its own process knows.</summary>
internal sealed class NodeStanding
{
    private volatile bool joined;
    private volatile bool draining;
    private volatile bool stopping;

    /// <summary>The fleet has heard of it within the node timeout, and it has not left.</summary>
    public bool Joined
    {
        get => joined;
        set => joined = value;
    }

    /// <summary>The fleet gives it no work until it is told to again: an operator has taken it out.</summary>
    public bool Draining
    {
        get => draining;
        set => draining = value;
    }

    /// <summary>Why the cluster does not take the node, and the silo ends; null: nothing is known to be wrong.</summary>
    public string? Refusal { get; set; }

    /// <summary>The process is told to stop; it ends what it has in flight.</summary>
    public bool Stopping
    {
        get => stopping;
        set => stopping = value;
    }
}
