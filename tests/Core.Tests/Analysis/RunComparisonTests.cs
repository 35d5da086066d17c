using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

public class RunComparisonTests
{
    private static readonly string[] One = ["v"];
    private static readonly VerdictRule Rule = new() { Margin = 0.05 };

    [Theory]
    [InlineData(0, 0, Verdict.Slower)]
    [InlineData(0.02, 0.04, Verdict.Slower)]
    [InlineData(0.02, 0.2, Verdict.Inconclusive)]
    [InlineData(0.12, 0.12, Verdict.Inconclusive)]
    public void ADifferenceCountsBeyondTheDriftThatTheMachineMayHaveHad(double seen, double most, Verdict verdict)
    {
        var comparison = RunComparison.Of(One, Run(1), Run(1.1), true, _ => new RunDrift(seen, most)).Single();

        Judge(comparison).ShouldBe(verdict);
        comparison.Evidence.Ratio.Value.ShouldBe(1.1, 1e-6);
    }

    [Theory]
    [InlineData(0.01, 10, Verdict.Equivalent)]
    [InlineData(0.06, 10, Verdict.Inconclusive)]
    public void TwoRunsAreEqualWhereTheMachineWasSeenToBe(double seen, double most, Verdict verdict) =>
        Judge(RunComparison.Of(One, Run(1), Run(1), true, _ => new RunDrift(seen, most)).Single()).ShouldBe(verdict);

    [Fact]
    public void WithoutAnythingThatBoundsTheDriftNoDifferenceIsClaimed() =>
        Judge(RunComparison.Of(One, Run(1), Run(3), true, _ => RunDrift.Unknown).Single())
            .ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void PairsTakenInTurnCancelADriftOfAnySize()
    {
        // The machine doubles its time from launch to launch; the second side is a tenth slower in each pair.
        LaunchRecord[] before = [.. Enumerable.Range(0, 6).Select(n => Launch(n, Math.Pow(2, n) * (1 + 0.001 * n)))];
        LaunchRecord[] after = [.. Enumerable.Range(0, 6).Select(n => Launch(n, Math.Pow(2, n) * 1.1))];

        var pairs = RunComparison.OfPairs(One, before, after, exclusions: true).Single();

        Judge(pairs).ShouldBe(Verdict.Slower);
        pairs.Evidence.Ratio.Low.ShouldBe(1.1 / 1.005, 1e-6);
        pairs.Evidence.Ratio.High.ShouldBe(1.1, 1e-6);
        Judge(RunComparison.Of(One, before, after, true, _ => RunDrift.None).Single()).ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void ALaunchWithoutItsPartnerIsLeftOut()
    {
        var pairs = RunComparison.OfPairs(One, Run(1), [.. Run(1).Skip(1).Reverse()], exclusions: true).Single();

        pairs.Evidence.Ratio.Launches.ShouldBe(5);
    }

    private static Verdict Judge(Comparison comparison) => Verdicts.Over([comparison.Evidence], Rule).Single().Verdict;

    /// <summary>Six launches, a tenth of a percent apart.</summary>
    private static LaunchRecord[] Run(double factor) =>
        [.. Enumerable.Range(0, 6).Select(n => Launch(n, factor * (1 + 0.001 * n)))];

    private static LaunchRecord Launch(int number, double factor) =>
        Launches.Of(number, [.. Enumerable.Range(0, 3).Select(b => Launches.Sample(0, b, 1e9 * factor))]);
}
