using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

public sealed class SweepSurveyTests
{
    private static readonly Dictionary<FingerprintId, DevicePeak> noPeaks = [];

    [Fact]
    public void VerdictsAreTheSweepsAndTrustIsEachNodes()
    {
        var survey = new SweepSurvey(new AnalysisRule());
        See(survey, Launches.Cell(0), Launches.Of(12, 0.9), "a");
        See(survey, Launches.Cell(1), Launches.Of(12, 1.0, seed: 2), "b");
        See(survey, Launches.Cell(2), Launches.Of(12, 1.2, seed: 3), "a");
        See(survey, Launches.Cell(3, "base", "control.same"), Launches.Of(12, 1.0, seed: 4), "a");
        See(survey, Launches.Cell(4, "base", "control.same"), Launches.Of(12, 1.1, seed: 5), "a");
        See(survey, Launches.Cell(5, "base", "control.slower"), Launches.Of(12, 1.03, seed: 6), "b");

        var found = survey.Conclude();

        found.Variants.ShouldHaveSingleItem().ShouldBe(new("other", new VerdictCounts(1, 1, 1, 0)));
        found.RelativeTime.Keys.ShouldBe(["other"]);
        found.RelativeTime["other"].ShouldBe(1, tolerance: 0.01);
        found.Roofline.ShouldBeEmpty();
        found.Nodes.Keys.Order(StringComparer.Ordinal).ShouldBe(["a", "b"]);
        (found.Nodes["a"].FalsePositives.Count, found.Nodes["a"].FalsePositives.Total).ShouldBe((1, 2));
        found.Nodes["a"].Power.Total.ShouldBe(0);
        (found.Nodes["b"].Power.Count, found.Nodes["b"].Power.Total).ShouldBe((1, 1));
        found.Nodes["a"].Noise.ShouldNotBeNull().ShouldBeInRange(0, 0.02);
    }

    [Fact]
    public void OneLaunchHasNoSpreadAndACellThatWasNotTimedSaysNothing()
    {
        var survey = new SweepSurvey(new AnalysisRule());
        See(survey, Launches.Cell(0), Launches.Of(1, 1.0), "a");
        See(survey, Launches.Cell(1), [], "b");

        var found = survey.Conclude();

        found.Nodes.ShouldBeEmpty();
        found.RelativeTime.Keys.ShouldBe(["other"]);
    }

    private static void See(SweepSurvey survey, CellResult cell, LaunchRecord[] launches, string node) =>
        survey.See(cell, launches, node, noPeaks);
}
