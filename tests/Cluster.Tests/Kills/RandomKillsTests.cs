using Layerbench.Harness;
using Layerbench.LocalCluster.Postgres;

namespace Layerbench.Cluster.Tests.Kills;

/// <summary>The short form of <c>bench/Cluster random-kills</c>.</summary>
public sealed class RandomKillsTests
{
    private const int Kills = 6;

    [Fact]
    public async Task SixKillsOfSilosAndTheGatewayLoseNothingAndDoubleNothing()
    {
        Assert.SkipWhen(
            PostgresPrograms.Find() is null,
            $"PostgreSQL's programs are not here; {PostgresPrograms.Repair}"
        );
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions { Cell = TimeSpan.FromMilliseconds(20) }
        );

        var report = await new RandomKills(cluster, KilledWork.Simulated(1_000), seed: 7).RunAsync(
            Kills,
            TimeSpan.FromHours(1)
        );

        report.Killed.ShouldBe(new Dictionary<string, int> { ["silo"] = 5, ["gateway"] = 1 }, ignoreOrder: true);
        report.Checks.Sum(c => c.Cells).ShouldBeGreaterThan(0);
        report.Checks.ShouldAllBe(c => c.Lost == 0 && c.Double == 0 && c.Unexplained == 0 && c.Unwell == 0);
    }
}
