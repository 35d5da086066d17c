using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

public sealed class SweepAnalysisTests
{
    [Fact]
    public void CellsAreJudgedAgainstTheMarginAndControlsApartFromThem()
    {
        var analysis = new SweepAnalysis(new AnalysisRule());
        analysis.See(Launches.Cell(0), Launches.Of(12, 0.9));
        analysis.See(Launches.Cell(1), Launches.Of(12, 1.0, seed: 2));
        analysis.See(Launches.Cell(2), Launches.Of(12, 1.2, seed: 3));
        analysis.See(Launches.Cell(3, "base", "control.same"), Launches.Of(12, 1.0, seed: 4));
        analysis.See(Launches.Cell(4, "base", "control.slower"), Launches.Of(12, 1.03, seed: 5));

        var verdicts = analysis.Conclude();

        Enumerable
            .Range(0, 3)
            .Select(i => verdicts.Of(Launches.Cell(i), "other")!.Value.Verdict)
            .ShouldBe([Verdict.Faster, Verdict.Equivalent, Verdict.Slower]);
        verdicts.Of(Launches.Cell(0), "base").ShouldBeNull();
        verdicts.Summary.Variants.ShouldHaveSingleItem();
        verdicts.Summary.Variants["other"].ShouldBe(new VerdictCounts(1, 1, 1, 0));
        var (falsePositives, power) = (verdicts.Summary.FalsePositives, verdicts.Summary.Power);
        (falsePositives.Count, falsePositives.Total, power.Count, power.Total).ShouldBe((0, 1, 1, 1));
    }

    [Fact]
    public void ExtraWorkWithinTheMarginIsNotMissed()
    {
        var analysis = new SweepAnalysis(new AnalysisRule { Verdict = new VerdictRule { Margin = 0.05 } });
        analysis.See(Launches.Cell(0), Launches.Of(12, 0.9));
        analysis.See(Launches.Cell(1, "base", "control.same"), Launches.Of(12, 1.0, seed: 4));
        analysis.See(Launches.Cell(2, "base", "control.slower"), Launches.Of(12, 1.03, seed: 5));

        var summary = analysis.Conclude().Summary;

        (summary.FalsePositives.Total, summary.Power.Total).ShouldBe((1, 0));
        summary.Reach.ShouldBe(new VerdictReach(1, 0, 0, WithinMargin: 1, Effect: 0.03));
    }

    [Fact]
    public void AQuickLookJudgesNothingItsControlsLeast()
    {
        var analysis = new SweepAnalysis(new AnalysisRule());
        analysis.See(Launches.Cell(0), Launches.Of(1, 0.9));
        analysis.See(Launches.Cell(1, "base", "control.same"), Launches.Of(1, 1.0, seed: 4));
        analysis.See(Launches.Cell(2, "base", "control.slower"), Launches.Of(1, 1.03, seed: 5));

        var summary = analysis.Conclude().Summary;

        (summary.FalsePositives.Total, summary.Power.Total).ShouldBe((0, 0));
        summary.Reach.ShouldBe(new VerdictReach(1, 1, UnjudgedControls: 2, 0, 0.03));
        summary.Reach.IsQuickLook.ShouldBeTrue();
    }

    [Fact]
    public void TheSummaryTellsWhetherPeakMemoryRepeats()
    {
        var analysis = new SweepAnalysis(new AnalysisRule());
        analysis.See(Launches.Cell(0), [Memory(0, 4096, 100), Memory(1, 4096, 100), Memory(2, 4096, 100)]);
        analysis.See(Launches.Cell(1), [Memory(0, 4096, 100), Memory(1, 4096, 102), Memory(2, 4096, 101)]);
        // One launch has nothing to be compared with.
        analysis.See(Launches.Cell(2), [Memory(0, 4096, 100)]);

        analysis.Conclude().Summary.Memory.ShouldBe(new MemorySpread(1, 2, 2 / 101.0));
    }

    private static LaunchRecord Memory(int number, params long[] peaks) =>
        Launches.Of(number) with
        {
            Kind = LaunchKind.Memory,
            Memory = [.. peaks.Select((bytes, variant) => new MemoryPeak(variant, bytes, "vmhwm"))],
        };

    [Fact]
    public void TheOrderInWhichCellsAreSeenChangesNothing()
    {
        var cells = Enumerable
            .Range(0, 20)
            .Select(i => (Cell: Launches.Cell(i), Made: Launches.Of(6, 1 + (i % 5) * 0.01, seed: (ulong)i + 1)))
            .ToArray();
        var straight = Adjusted(cells);
        Array.Reverse(cells);
        var reversed = Adjusted(cells);
        reversed.Reverse().ShouldBe(straight);

        static double[] Adjusted((CellResult Cell, LaunchRecord[] Made)[] cells)
        {
            var analysis = new SweepAnalysis(new AnalysisRule());
            foreach (var (cell, made) in cells)
            {
                analysis.See(cell, made);
            }

            var verdicts = analysis.Conclude();
            return [.. cells.Select(c => verdicts.Of(c.Cell, "other")!.Value.Adjusted)];
        }
    }

    [Fact]
    public void AControlChangesNothingThatIsSaidOfTheGrid()
    {
        var alone = new SweepAnalysis(new AnalysisRule());
        alone.See(Launches.Cell(0), Launches.Of(6, 1.03));
        var beside = new SweepAnalysis(new AnalysisRule());
        beside.See(Launches.Cell(0), Launches.Of(6, 1.03));
        beside.See(Launches.Cell(1, "base", "control.same"), Launches.Of(6, 1.5, seed: 9));
        beside.Conclude().Of(Launches.Cell(0), "other").ShouldBe(alone.Conclude().Of(Launches.Cell(0), "other"));
    }

    [Fact]
    public void AnIntervalIsTakenAtItsLooksLevelOnlyWhereLaunchesEndedAtLooks()
    {
        var launches = Launches.Of(12, 1.1);
        var looks = CellAnalysis
            .Of(Launches.Labels, "base", launches, new AnalysisRule())
            .Comparisons[0]
            .Evidence.Ratio;
        var exact = CellAnalysis
            .Of(Launches.Labels, "base", launches, new AnalysisRule { Looks = false })
            .Comparisons[0]
            .Evidence.Ratio;
        (looks.High / looks.Low).ShouldBeGreaterThan(exact.High / exact.Low);
        looks.Value.ShouldBe(exact.Value);
    }

    [Fact]
    public void AShareOfNothingIsKnownToBeAnything()
    {
        var summary = new SweepAnalysis(new AnalysisRule()).Conclude().Summary;
        (summary.Power.Low, summary.Power.High, summary.Power.Total).ShouldBe((0, 1, 0));
    }

    [Theory]
    // By hand: 0 of n is [0, z²/(n+z²)], and n/2 of n is 1/2 ± z/(2·sqrt(n+z²)), z = 1.959964.
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(5, 10, 0.2365931, 0.7634069)]
    [InlineData(10, 10, 0.7224672, 1)]
    public void AShareHasWilsonsInterval(long count, long of, double low, double high)
    {
        var share = Proportion.Of(count, of);
        share.Low.ShouldBe(low, 1e-6);
        share.High.ShouldBe(high, 1e-6);
    }
}
