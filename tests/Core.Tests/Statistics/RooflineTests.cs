using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class RooflineTests
{
    private static readonly DevicePeak Peak = new(1e11, 1e10);

    [Theory]
    [InlineData(1e9, 1e6, 0.02, 0.5, 0.005, 0.5)] // computing binds: 10 FLOPs a byte is where the roof bends
    [InlineData(1e6, 1e6, 0.0002, 0.05, 0.5, 0.5)] // memory binds
    public void TheRatioIsTheShareOfWhicheverLimitBinds(
        double flops,
        double bytes,
        double seconds,
        double compute,
        double memory,
        double ratio
    )
    {
        var roofline = Roofline.Of(flops, bytes, seconds, Peak)!.Value;

        roofline.ComputeRatio.ShouldBe(compute, 1e-12);
        roofline.MemoryRatio!.Value.ShouldBe(memory, 1e-12);
        roofline.Ratio.ShouldBe(ratio, 1e-12);
        roofline.IsImpossible.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.01, false)] // the peak itself
    [InlineData(0.0095, false)] // 5% beyond it: one canary's noise
    [InlineData(0.009, true)] // 11% beyond
    public void MoreFlopsThanTheDeviceCanDoAreImpossibleBeyondTheCanarysNoise(double seconds, bool impossible) =>
        Roofline.Of(1e9, 1e6, seconds, Peak)!.Value.IsImpossible.ShouldBe(impossible);

    [Fact]
    public void DataInACacheMayPassTheMemorysRate()
    {
        var roofline = Roofline.Of(1e6, 1e6, 0.00005, Peak)!.Value;

        roofline.MemoryRatio!.Value.ShouldBe(2, 1e-12);
        roofline.IsImpossible.ShouldBeFalse();
    }

    [Fact]
    public void WithoutATriadOnlyComputingBinds() =>
        Roofline.Of(1e6, 1e6, 0.0002, new DevicePeak(1e11, null)).ShouldBe(new Roofline(0.05, null));

    [Theory]
    [InlineData(0d, 1d)]
    [InlineData(null, 1d)]
    [InlineData(double.NaN, 1d)]
    [InlineData(double.PositiveInfinity, 1d)]
    [InlineData(1d, 0d)]
    [InlineData(1d, null)]
    [InlineData(1d, double.NaN)]
    public void WithoutWorkOrTimeThereIsNoRoofline(double? flops, double? seconds)
    {
        Roofline.Of(flops, 1, seconds, Peak).ShouldBeNull();
        Roofline.Of(1, 1, 1, null).ShouldBeNull();
    }

    [Fact]
    public void PeaksAreTheBestOfEachFingerprintAndAbsurdRatesAreLeftOut()
    {
        var peaks = Canaries.Peaks([
            Canary("a", 0, CanaryPlace.First, 1e11, 2e10),
            Canary("a", 0, CanaryPlace.Last, 2e11, 1e10),
            Canary("a", 1, CanaryPlace.First, double.PositiveInfinity, 1e10),
            Canary("a", 1, CanaryPlace.Last, -1, 1e10),
            Canary("b", 2, CanaryPlace.First, 5e10, null),
        ]);

        peaks.Count.ShouldBe(2);
        peaks[new FingerprintId("a")].ShouldBe(new DevicePeak(2e11, 2e10));
        peaks[new FingerprintId("b")].ShouldBe(new DevicePeak(5e10, null));
    }

    [Fact]
    public void DriftIsACanaryOverTheOneBeforeItUnderTheSameFingerprint() =>
        Canaries
            .Drifts([
                Canary("a", 1, CanaryPlace.Last, 3e11, null),
                Canary("a", 1, CanaryPlace.First, 4e11, null),
                Canary("a", 0, CanaryPlace.First, 1e11, 1e10),
                Canary("a", 0, CanaryPlace.Last, 2e11, 5e9),
                Canary("a", 2, CanaryPlace.First, -1, 1e10),
                Canary("b", 0, CanaryPlace.First, 1e11, 1e10),
            ])
            .ShouldBe([new CanaryDrift(2, 0.5), new CanaryDrift(2, null), new CanaryDrift(0.75, null)]);

    private static CanaryRecord Canary(string fingerprint, int launch, CanaryPlace place, double gemm, double? triad) =>
        new(
            new DeviceId("cpu"),
            new FingerprintId(fingerprint),
            DateTimeOffset.UnixEpoch.AddSeconds(launch),
            DateTimeOffset.UnixEpoch.AddSeconds(launch),
            place,
            gemm,
            triad
        );
}
