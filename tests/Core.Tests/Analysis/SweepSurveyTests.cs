using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Analysis;

public sealed class SweepSurveyTests
{
    private static readonly Dictionary<FingerprintId, DevicePeak> noPeaks = [];
    private static readonly ILookup<string, CanaryRecord> noCanaries = Array.Empty<CanaryRecord>().ToLookup(_ => "");

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

        var found = survey.Conclude(noCanaries);

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

        var found = survey.Conclude(noCanaries);

        found.Nodes.Keys.ShouldBe(["a"]);
        (found.Nodes["a"].Noise, found.Nodes["a"].Drift, found.Nodes["a"].Blocks).ShouldBe((null, null, 10));
        found.RelativeTime.Keys.ShouldBe(["other"]);
    }

    /// <summary>What stands under a sweep's table and what is shown of its nodes are one reckoning.</summary>
    [Fact]
    public void WhatIsSetAsideAndTheDriftOfCanariesAreThoseOfTheTablePartedByNode()
    {
        var survey = new SweepSurvey(new AnalysisRule());
        var analysis = new SweepAnalysis(new AnalysisRule());
        (long Index, string Node, LaunchRecord[] Launches)[] cells =
        [
            (0, "a", [Loud(switches: 5), .. Launches.Of(5, 0.9)]),
            (1, "a", [Loud(pressure: 600)]),
            (2, "b", [.. Launches.Of(6, 1.0, seed: 2)]),
        ];
        foreach (var (index, node, launches) in cells)
        {
            See(survey, Launches.Cell(index), launches, node);
            analysis.See(Launches.Cell(index), launches);
        }

        CanaryRecord[] canaries =
        [
            .. Taken("a/cpu", (100, 50), (98, 51), (101, 40)),
            .. Taken("b/cpu", (100, null), (110, null)),
        ];

        var nodes = survey.Conclude(canaries.ToLookup(c => c.Device.Value[..1])).Nodes;

        var table = analysis.Conclude().Summary.Excluded;
        (table.Count, table.Total).ShouldBe((2, 130));
        nodes["a"].SetAside.ShouldBe(new SetAside(Preempted: 1, Pressure: 1, Gpu: 0));
        nodes["b"].SetAside.All.ShouldBe(0);
        nodes.Values.Sum(n => n.SetAside.All).ShouldBe(table.Count);
        nodes.Values.Sum(n => n.Blocks).ShouldBe(table.Total);
        var drift = Canaries.Summary(canaries).ShouldNotBeNull();
        nodes["a"].Drift!.Value.Furthest.ShouldBe(drift.TriadWorst!.Value);
        nodes["b"].Drift!.Value.Furthest.ShouldBe(drift.GemmWorst);
        (drift.GemmWorst, drift.TriadWorst).ShouldBe((110.0 / 100, 40.0 / 51));
        drift.Furthest.ShouldBe(40.0 / 51);
    }

    /// <summary>Ten blocks of two samples of 1 ms, of which one is disturbed so.</summary>
    private static LaunchRecord Loud(long switches = 0, long pressure = 0) =>
        Launches.Of(
            0,
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(i =>
                        Launches.Sample(i % 2, i / 2, 1e6 + 1000 * i, i == 7 ? switches : 0, i == 7 ? pressure : 0)
                    ),
            ]
        );

    private static IEnumerable<CanaryRecord> Taken(string device, params (double Gemm, double? Triad)[] rates) =>
        rates.Select(
            (r, i) =>
                new CanaryRecord(
                    new DeviceId(device),
                    new FingerprintId("f"),
                    DateTimeOffset.UnixEpoch.AddMinutes(i),
                    DateTimeOffset.UnixEpoch.AddMinutes(i),
                    CanaryPlace.First,
                    r.Gemm,
                    r.Triad
                )
        );

    private static void See(SweepSurvey survey, CellResult cell, LaunchRecord[] launches, string node) =>
        survey.See(cell, launches, node, noPeaks);
}
