namespace Layerbench.Grains;

/// <summary>The cluster engine's periods; the same on every silo.</summary>
public sealed record ClusterTimes
{
    /// <summary>A lease that is not renewed for this long is dead. Renewed four times in it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A device that found no work asks again after this long, unless it is woken.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A device waits this long for an answer; Orleans itself would wait 30 s for one from a silo that died.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node says that it is there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node that is not heard of for this long is not counted, and its name is free.</summary>
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the holder of a lease whose coordinator was lost waits for the next one to take its slice over: asking every
    /// device of the fleet lies in between.
    /// </summary>
    public TimeSpan Adoption { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Everything wrong with them: the value, the rule, the repair.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (
            var (name, value) in new[]
            {
                (nameof(Lease), Lease),
                (nameof(Poll), Poll),
                (nameof(Call), Call),
                (nameof(Heartbeat), Heartbeat),
                (nameof(NodeTimeout), NodeTimeout),
                (nameof(Adoption), Adoption),
            }
        )
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                yield return $"Times:{name}: {value} is not over 0 and at most 1 hour; give e.g. 00:00:05";
            }
        }

        if (Heartbeat >= NodeTimeout)
        {
            yield return $"Times:Heartbeat: {Heartbeat} is not below NodeTimeout ({NodeTimeout}), so every node would be "
                + "missed between two heartbeats; give a third of it or less";
        }
    }
}
