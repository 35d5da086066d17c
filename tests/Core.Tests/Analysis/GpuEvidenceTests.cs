using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis;

/// <summary>Ten blocks of two samples, block b from 10b to 10b + 8 ns; readings at the given times.</summary>
public sealed class GpuEvidenceTests
{
    private static readonly Sample[] samples =
    [
        .. Enumerable.Range(0, 20).Select(i => Launches.Sample(i % 2, i / 2, 4)),
    ];
    private static readonly long?[] starts =
    [
        .. Enumerable.Range(0, 20).Select(i => (long?)(10 * (i / 2) + 4 * (i % 2))),
    ];

    [Fact]
    public void ABlockIsKeptOnlyWhereTheReadingsOnBothSidesOfItAreFree() =>
        // Hot at 45, between two readings that are not: whatever ran since 25 and until 65 may have been slowed.
        Excluded(At(5), At(25), At(45, slowdown: GpuSlowdown.HardwareThermal), At(65), At(85))
            .ShouldBe([2, 3, 4, 5, 6]);

    [Fact]
    public void ReadingsBetweenEveryTwoBlocksPickOneBlock() =>
        Excluded([.. Enumerable.Range(0, 11).Select(i => At((10 * i) - 1)), At(35, slowdown: GpuSlowdown.PowerBrake)])
            .ShouldBe([3]);

    [Theory]
    [InlineData(GpuSlowdown.None)]
    [InlineData(GpuSlowdown.Idle)]
    [InlineData((GpuSlowdown)0x2)] // application clocks, as they were set
    [InlineData((GpuSlowdown)0x4)] // software power cap: a busy GPU's usual state
    public void UsualStatesAreNoEvidence(GpuSlowdown slowdown) =>
        Excluded(At(0), At(50, slowdown: slowdown)).ShouldBeEmpty();

    [Fact]
    public void AClockFarBelowTheMedianIsEvidenceAndOneALittleBelowIsNone()
    {
        Excluded(At(19), At(25, clock: 1800), At(29), At(39)).ShouldBeEmpty();
        Excluded(At(19), At(25, clock: 1781), At(29), At(39)).ShouldBe([2]);
    }

    [Fact]
    public void AClockThatIsLowAllTheTimeIsTheUsualOne() =>
        Excluded(At(19, clock: 900), At(29, clock: 900), At(39, clock: 900)).ShouldBeEmpty();

    [Fact]
    public void WithoutReadingsOrStartsEverySampleStays()
    {
        GpuEvidence.Apply(samples, starts, []).ShouldBeSameAs(samples);
        GpuEvidence.Apply(samples, new long?[20], [At(5, slowdown: GpuSlowdown.Hardware)]).ShouldBeSameAs(samples);
    }

    [Fact]
    public void WhatWasNoTimeBeforeKeepsItsReasonAndIsNotTakenBack()
    {
        Sample[] some = [samples[0] with { Accepted = false, Reason = "0 ns is no positive time" }, samples[1]];
        var marked = GpuEvidence.Apply(some, [0, 4], [At(5, slowdown: GpuSlowdown.SoftwareThermal)]);
        marked.Select(s => s.Reason).ShouldBe(["0 ns is no positive time", "gpu sw_thermal_slowdown 1980 MHz"]);
        GpuEvidence.Undo(Launches.Of(0, [.. marked])).Samples.ShouldBe(some);
    }

    private static GpuReading At(long time, int clock = 1980, GpuSlowdown slowdown = GpuSlowdown.None) =>
        new(time, clock, slowdown);

    private static int[] Excluded(params GpuReading[] readings) =>
        [
            .. GpuEvidence
                .Apply(samples, starts, [.. readings.OrderBy(r => r.AtNanoseconds)])
                .Where(s => !s.Accepted)
                .Select(s => s.Block)
                .Distinct(),
        ];
}
