using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public class DeviceDriftTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TheCanaryThatMovedFurthestIsTaken()
    {
        var before = Canaries(launches: 6, gemm: 100, triad: 50);
        var after = Canaries(launches: 6, gemm: 99, triad: 40);

        var drift = DeviceDrift.Between(before, after);

        drift.Furthest.Seen.ShouldBe(Math.Log(50.0 / 40), 1e-12);
        drift.Furthest.Most.ShouldBe(Math.Log(50.0 / 40), 1e-12);
        DeviceDrift.Between(after, before).ShouldBe(drift, "it has no direction");
    }

    [Theory]
    [InlineData(100, 1, 0.01)] // 100 FLOPs a byte
    [InlineData(1, 100, 0.25)]
    [InlineData(2, 1, 0.25)] // near the ridge, which is at 2: either may limit
    public void AVariantIsHeldAgainstWhatLimitsIt(double flops, double bytes, double moved)
    {
        var drift = DeviceDrift.Between(Canaries(6, 100, 50), Canaries(6, 100 * Math.Exp(0.01), 50 * Math.Exp(-0.25)));

        drift.Of(flops, bytes).Seen.ShouldBe(moved, 1e-12);
    }

    [Theory]
    [InlineData(null, 1.0)]
    [InlineData(100.0, null)]
    [InlineData(0.0, 0.0)]
    public void OneWhoseWorkIsNotKnownIsHeldAgainstTheFurthest(double? flops, double? bytes) =>
        DeviceDrift
            .Between(Canaries(6, 100, 50), Canaries(6, 99, 40))
            .Of(flops, bytes)
            .Seen.ShouldBe(Math.Log(50.0 / 40), 1e-12);

    [Fact]
    public void WithoutATriadTheProductSpeaksForAll() =>
        DeviceDrift
            .Between(Canaries(6, 100, null), Canaries(6, 90, null))
            .Of(1, 100)
            .Seen.ShouldBe(Math.Log(100.0 / 90), 1e-12);

    [Fact]
    public void TheFurthestThatTheSpreadAllowsIsTheFarEndOfTheInterval()
    {
        // Logs 0…5 against the same: of the 36 differences −5…5 the rank-sum interval's ends are the 6th from each side.
        var run = Enumerable.Range(0, 6).SelectMany(i => Launch(i, Math.Exp(i), null)).ToList();

        var drift = DeviceDrift.Between(run, run).Compute;

        drift.Seen.ShouldBe(0, 1e-12);
        drift.Most.ShouldBe(3, 1e-12);
    }

    [Fact]
    public void FewOrAbsurdCanariesBoundNothing()
    {
        DeviceDrift.Between([], Canaries(6, 100, 50)).Furthest.ShouldBe(RunDrift.Unknown);
        DeviceDrift.Between(Canaries(3, 100, 50), Canaries(3, 100, 50)).Furthest.ShouldBe(RunDrift.Unknown);
        DeviceDrift.Between(Canaries(6, double.NaN, 0), Canaries(6, 100, 50)).Furthest.ShouldBe(RunDrift.Unknown);
        DeviceDrift.Between(Canaries(6, 100, null), Canaries(6, 100, null)).Furthest.ShouldBe(RunDrift.None);
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
