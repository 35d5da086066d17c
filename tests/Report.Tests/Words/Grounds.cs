using Layerbench.Core.Analysis;
using Layerbench.Core.Statistics;
using Layerbench.Report.Words;

namespace Layerbench.Report.Tests.Words;

/// <summary>A run of which nothing bad is to be said; a test changes what it is about.</summary>
internal static class Grounds
{
    public static AnalysisSummary Summary { get; } =
        new(
            98,
            98,
            new Dictionary<string, VerdictCounts>(),
            Proportion.Of(0, 10),
            Proportion.Of(10, 10),
            Proportion.Of(8, 1900),
            Unsteady: 0,
            Unconverged: 0,
            Problems: 0,
            []
        );

    public static TrustGrounds Good { get; } =
        new(
            Summary,
            new VerdictRule(),
            new Noise(98, 0, 0.008, 0.024),
            new Dictionary<string, long> { ["completed"] = 98 },
            new DriftSummary(14, 1, 0.98, 1, 1.01),
            Impossible: 0,
            []
        );
}
