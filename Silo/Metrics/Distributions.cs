using System.Diagnostics.Metrics;

namespace Layerbench.Metrics;

/// <summary>The bounds of each histogram's buckets: few, because each is a series of every process.</summary>
internal static class Distributions
{
    private static readonly double[] cellSeconds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300];
    private static readonly double[] queueSeconds = [0.1, 1, 10, 60, 600, 3600];
    private static readonly double[] dispatchSeconds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
    private static readonly double[] commitSeconds = [0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 5];
    private static readonly double[] recoverySeconds = [0.1, 0.3, 1, 3, 10, 30, 100, 300];
    private static readonly double[] errors = [0.1, 0.3, 1, 3];
    private static readonly long[] writes = [1, 3, 10, 30, 100, 300, 1000];

    public static Histogram<double> Cell { get; } =
        Seconds("layerbench.cell.duration", cellSeconds, "What one launch of a cell took, by phase.");

    public static Histogram<double> QueueWait { get; } =
        Seconds(
            "layerbench.queue.wait",
            queueSeconds,
            "From when a slice could have been given out until a device got it."
        );

    public static Histogram<double> Dispatch { get; } =
        Seconds("layerbench.dispatch.latency", dispatchSeconds, "From a device's asking until it has a slice.");

    public static Histogram<double> Commit { get; } =
        Seconds("layerbench.commit.duration", commitSeconds, "One transaction of the results store.");

    public static Histogram<long> CommitBatch { get; } =
        LayerbenchMeter.Shared.CreateHistogram(
            "layerbench.commit.batch_size",
            unit: null,
            "Writes that shared a transaction.",
            tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = writes }
        );

    public static Histogram<double> Recovery { get; } =
        Seconds(
            "layerbench.recovery.duration",
            recoverySeconds,
            "From when a loss was noticed until what it took was given out again."
        );

    public static Histogram<double> CostError { get; } =
        LayerbenchMeter.Shared.CreateHistogram(
            "layerbench.cost_model.error_ratio",
            unit: null,
            "How far a launch's expected time was from what it took: the larger over the smaller, less 1.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = errors }
        );

    private static Histogram<double> Seconds(string name, double[] bounds, string description) =>
        LayerbenchMeter.Shared.CreateHistogram(
            name,
            "s",
            description,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds }
        );
}
