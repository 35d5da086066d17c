namespace Layerbench.Cluster.Tests;

/// <summary>The machine's clock, ahead of it.</summary>
internal sealed class MovedClock : TimeProvider
{
    public TimeSpan Forward { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Forward;
}
