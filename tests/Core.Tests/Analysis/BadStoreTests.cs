using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

/// <summary>What a store may hold that is no measurement gets a word or Inconclusive, never a verdict.</summary>
public sealed class BadStoreTests
{
    [Fact]
    public void ALaunchThatIsThereTwiceIsSaidToBe()
    {
        var launches = Launches.Of(6, 1.5);
        Findings([.. launches, launches[0]]).Problem.ShouldBe("Time launch 0 of cell c is there twice.");
    }

    [Fact]
    public void ASampleThatIsThereTwiceOrOfNoVariantIsSaidToBe()
    {
        var good = Launches.Of(6, 1.5);
        const string rule = "that is the second there or of none of the 2 variants.";
        Findings([.. good, Launches.Of(6, Launches.Sample(0, 0, 1), Launches.Sample(0, 0, 2))])
            .Problem.ShouldBe($"Launch 6 of cell c has a sample of variant 0 in block 0 {rule}");
        Findings([.. good, Launches.Of(6, Launches.Sample(7, 0, 1))])
            .Problem.ShouldBe($"Launch 6 of cell c has a sample of variant 7 in block 0 {rule}");
    }

    [Fact]
    public void TwoEnvironmentsAreNeverMixed() =>
        Findings([.. Launches.Of(6, 1.5), Launches.Of(6) with { Fingerprint = new FingerprintId("g") }])
            .Problem.ShouldNotBeNull()
            .ShouldContain("ran under fingerprints f and g, which are never mixed");

    [Fact]
    public void ABaselineThatIsNoVariantIsSaidToBe() =>
        CellAnalysis
            .Of(["a", "b"], "c", Launches.Of(6, 1.5), new AnalysisRule())
            .Problem.ShouldBe("The baseline 'c' is none of the labels a, b.");

    [Theory]
    [InlineData(0)]
    [InlineData(-1e6)]
    [InlineData(long.MinValue)]
    public void TimesThatAreNoTimesAreLeftOutAndWithoutOthersNothingIsSaid(double nanoseconds)
    {
        var bad = Enumerable.Range(0, 6).Select(n => Launches.Of(n, Bad(0), Bad(1))).ToArray();
        var findings = Findings(bad);
        findings.Problem.ShouldBe("no sample was accepted");
        Judged(bad).ShouldBe(Verdict.Inconclusive);

        // Beside good samples they change nothing.
        var good = Launches.Of(6, 1.5);
        var mixed = good.Select(l => l with { Samples = [.. l.Samples, Bad(0, 99), Bad(1, 99)] }).ToArray();
        Findings(mixed).Comparisons[0].Evidence.ShouldBe(Findings(good).Comparisons[0].Evidence);

        Sample Bad(int variant, int block = 0) => Launches.Sample(variant, block, nanoseconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void FewerThanSixLaunchesAreInconclusiveHoweverLargeTheDifference(int launches) =>
        Judged(Launches.Of(launches, 5)).ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void OneVariantAloneIsComparedWithNothing()
    {
        var launches = Enumerable.Range(0, 6).Select(n => Launches.Of(n, Launches.Sample(0, 0, 1e6 + n))).ToArray();
        var findings = CellAnalysis.Of(["base"], "base", launches, new AnalysisRule());
        findings.Comparisons.ShouldBeEmpty();
        findings.Problem.ShouldBeNull();
        findings.Estimate!.Variants[0].Seconds.Value.ShouldBe(1e-3, 1e-6);
    }

    [Fact]
    public void CopiesOfOneLaunchAreNoEvidence()
    {
        var one = Launches.Of(1, 1.5)[0];
        var copies = Enumerable.Range(0, 12).Select(n => one with { Number = n }).ToArray();
        Findings(copies)
            .Problem.ShouldBe(
                "no launch has a ratio, or all have exactly the same: copied launches, or a clock too coarse"
            );
        Judged(copies).ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void AVariantWithoutSamplesIsInconclusive() =>
        Judged([.. Enumerable.Range(0, 6).Select(n => Launches.Of(n, Launches.Sample(0, 0, 1e6 + n)))])
            .ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void WhereEverySampleWasRefusedNothingIsSaid()
    {
        var refused = Launches
            .Of(6, 1.5)
            .Select(l => l with { Samples = [.. l.Samples.Select(s => s with { Accepted = false })] })
            .ToArray();
        Findings(refused).Problem.ShouldBe("no sample was accepted");
        Judged(refused).ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void ACellWithoutLaunchesSaysNothing()
    {
        Findings([])
            .ShouldSatisfyAllConditions(
                f => f.Estimate.ShouldBeNull(),
                f => f.Problem.ShouldBeNull(),
                f => f.Comparisons.ShouldBeEmpty()
            );
    }

    private static CellFindings Findings(LaunchRecord[] launches) =>
        CellAnalysis.Of(Launches.Labels, "base", launches, new AnalysisRule());

    private static Verdict Judged(LaunchRecord[] launches)
    {
        var analysis = new SweepAnalysis(new AnalysisRule());
        analysis.See(Launches.Cell(0), launches);
        return analysis.Conclude().Of(Launches.Cell(0), "other")!.Value.Verdict;
    }
}
