using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Analysis;

public sealed class ExclusionsTests
{
    [Fact]
    public void APreemptedSampleTakesItsWholeBlockWithIt()
    {
        var launch = Exclusions.Apply(With((1, 3, 5, 0)));
        Refused(launch).ShouldBe([(3, "preempted"), (3, "preempted")]);
    }

    [Fact]
    public void CpuPressureOverHalfTheSampleDoesTheSame() =>
        Refused(Exclusions.Apply(With((0, 2, 0, 501)))).ShouldBe([(2, "cpu pressure"), (2, "cpu pressure")]);

    [Theory]
    [InlineData(4, 0)]
    [InlineData(0, 500)]
    [InlineData(-1, -1)]
    public void LittleOrUnknownEvidenceIsNone(long switches, long pressure)
    {
        var launch = With((0, 2, switches, pressure));
        Exclusions.Apply(launch).ShouldBeSameAs(launch);
    }

    [Fact]
    public void WhatTheMachineDoesAllTheTimeIsNoEvidence()
    {
        var busy = With([.. Enumerable.Range(0, 20).Select(i => (i % 2, i / 2, 8L, 700L))]);
        Exclusions.Apply(busy).ShouldBeSameAs(busy);
    }

    [Fact]
    public void HowLongASampleTookIsNoEvidence()
    {
        var launch = With();
        launch = launch with
        {
            Samples = [.. launch.Samples.Select(s => s.Block == 4 ? s with { WallNanoseconds = 100_000_000 } : s)],
        };
        Exclusions.Apply(launch).ShouldBeSameAs(launch);
    }

    [Fact]
    public void TheShareIsReportedAndTheRuleCanBeSwitchedOff()
    {
        LaunchRecord[] launches = [With((1, 3, 5, 0))];
        var on = CellAnalysis.Of(Launches.Labels, "base", launches, new AnalysisRule());
        (on.SetAside, on.Blocks, on.Estimate!.Variants[0].Accepted).ShouldBe((new SetAside(1, 0, 0), 10, 0.9));
        var off = CellAnalysis.Of(Launches.Labels, "base", launches, new AnalysisRule { Exclusions = false });
        (off.SetAside.All, off.Blocks, off.Estimate!.Variants[0].Accepted).ShouldBe((0, 10, 1.0));
    }

    /// <summary>Ten blocks of two samples of 1 ms, quiet but for these.</summary>
    private static LaunchRecord With(params (int Variant, int Block, long Switches, long Pressure)[] loud) =>
        Launches.Of(
            0,
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(i =>
                    {
                        var (variant, block) = (i % 2, i / 2);
                        var found = loud.Where(l => l.Variant == variant && l.Block == block).ToArray();
                        return found.Length == 0
                            ? Launches.Sample(variant, block, 1e6)
                            : Launches.Sample(variant, block, 1e6, found[0].Switches, found[0].Pressure);
                    }),
            ]
        );

    private static (int, string?)[] Refused(LaunchRecord launch) =>
        [.. launch.Samples.Where(s => !s.Accepted).Select(s => (s.Block, s.Reason))];
}
