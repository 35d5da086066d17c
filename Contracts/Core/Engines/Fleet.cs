namespace Layerbench.Core.Engines;

/// <summary>A machine with its devices.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Draining">Its devices get no more work.</param>
/// <param name="Notes">What is to be known of it, e.g. why it gets no work of some sweeps.</param>
public sealed record FleetNode(
    string Name,
    string Address,
    DateTimeOffset LastHeard,
    bool Draining,
    IReadOnlyList<FleetDevice> Devices,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Of layerbench; empty where it is not known.</summary>
    public string Version { get; init; } = "";

    /// <summary>
    /// When it was last heard of, of a node that should be there and is not: it has joined, has not left and is not to
    /// drain. Its devices are not known then. Null: it is there.
    /// </summary>
    public DateTimeOffset? LostSince { get; init; }

    /// <summary>What its workers can run in.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];
}

/// <param name="Sweep">For which it works; null: for none.</param>
public sealed record FleetDevice(DeviceInfo Device, SweepId? Sweep)
{
    /// <summary>
    /// The process beside the engine that measures on it, e.g. <c>process 4711 (layerbench run a.yaml) since 12:00:00Z</c>;
    /// null: none is known.
    /// </summary>
    public string? Holder { get; init; }
}
