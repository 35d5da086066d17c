using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests;

/// <summary>A silo of a machine so busy that starting takes it longer than a silo may take to join.</summary>
public sealed class SlowStartTests
{
    /// <summary>Entering the table takes 32 s, in two steps, for a statement may take 30 s; to join, a silo has 30 s.</summary>
    private const string Slow = """
        CREATE FUNCTION layerbench.takes_long() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(16);
          RETURN NEW;
        END $$;
        CREATE TRIGGER takes_long BEFORE INSERT ON layerbench.OrleansMembershipVersionTable
        FOR EACH ROW EXECUTE FUNCTION layerbench.takes_long();
        CREATE TRIGGER takes_long BEFORE INSERT ON layerbench.OrleansMembershipTable
        FOR EACH ROW EXECUTE FUNCTION layerbench.takes_long();
        SELECT 1
        """;

    [Fact]
    public async Task AloneInTheTableItJoinsAllTheSame()
    {
        await using var cluster = await PostgresCluster.OverAsync(await PostgresServer.SharedAsync());
        await PostgresServer.AskAsync(cluster.Database, Slow);

        cluster.Add("a");

        await cluster.ConnectAsync();
        await cluster.UntilNodesAsync("a");
        cluster.Silos["a"].HasEnded.ShouldBeFalse();
    }
}
