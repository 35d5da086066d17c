using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Tests.Output;

/// <summary>An estimator whose numbers can be told apart in a file: seconds are the launches' means, intervals ±1/8.</summary>
internal static class Estimating
{
    public static CellEstimate Estimate(
        IReadOnlyList<string> labels,
        string baseline,
        IReadOnlyList<LaunchRecord> launches
    )
    {
        var times = launches.Where(l => l.Kind == LaunchKind.Time).ToList();
        var memories = launches.Where(l => l.Kind == LaunchKind.Memory).ToList();
        return new CellEstimate(
            [
                .. labels.Select(
                    (label, variant) =>
                        new VariantEstimate(
                            label,
                            Around(0.5 * (variant + 1), times.Count),
                            label == baseline ? null : Around(variant + 1, times.Count),
                            memories.Count == 0
                                ? null
                                : new Interval(4096.5 * (variant + 1), 4096, 8192, memories.Count),
                            Accepted: 0.75
                        )
                ),
            ],
            times.Count,
            memories.Count,
            Steady: times.TrueForAll(l => l.Steady)
        );
    }

    private static Interval Around(double value, int launches) =>
        launches switch
        {
            0 => new Interval(double.NaN, double.NaN, double.NaN, 0),
            < 6 => new Interval(value, 0, double.PositiveInfinity, launches),
            _ => new Interval(value, value * 0.875, value * 1.125, launches),
        };
}
