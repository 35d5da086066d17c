using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class RunDriftTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TheCanaryThatMovedFurthestIsTaken()
    {
        var before = Canaries(launches: 6, gemm: 100, triad: 50);
        var after = Canaries(launches: 6, gemm: 99, triad: 40);

        var drift = RunDrift.Between(before, after);

        drift.Seen.ShouldBe(Math.Log(50.0 / 40), 1e-12);
        drift.Most.ShouldBe(Math.Log(50.0 / 40), 1e-12);
        RunDrift.Between(after, before).ShouldBe(drift, "it has no direction");
    }

    [Fact]
    public void TheFurthestThatTheSpreadAllowsIsTheFarEndOfTheInterval()
    {
        // Logs 0…5 against the same: of the 36 differences −5…5 the rank-sum interval's ends are the 6th from each side.
        var run = Enumerable.Range(0, 6).SelectMany(i => Launch(i, Math.Exp(i), null)).ToList();

        var drift = RunDrift.Between(run, run);

        drift.Seen.ShouldBe(0, 1e-12);
        drift.Most.ShouldBe(3, 1e-12);
    }

    [Fact]
    public void FewOrAbsurdCanariesBoundNothing()
    {
        RunDrift.Between([], Canaries(6, 100, 50)).ShouldBe(RunDrift.Unknown);
        RunDrift.Between(Canaries(3, 100, 50), Canaries(3, 100, 50)).ShouldBe(RunDrift.Unknown);
        RunDrift.Between(Canaries(6, double.NaN, 0), Canaries(6, 100, 50)).ShouldBe(RunDrift.Unknown);
        RunDrift.Between(Canaries(6, 100, null), Canaries(6, 100, null)).ShouldBe(RunDrift.None);
    }

    private static List<CanaryRecord> Canaries(int launches, double gemm, double? triad) =>
        [.. Enumerable.Range(0, launches).SelectMany(i => Launch(i, gemm, triad))];

    private static IEnumerable<CanaryRecord> Launch(int number, double gemm, double? triad) =>
        new[] { CanaryPlace.First, CanaryPlace.Last }.Select(place => new CanaryRecord(
            new DeviceId("cpu"),
            new FingerprintId("0"),
            Noon.AddMinutes(number),
            Noon.AddMinutes(number),
            place,
            gemm,
            triad
        ));
}
