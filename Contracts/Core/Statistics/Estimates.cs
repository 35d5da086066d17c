namespace Layerbench.Core.Statistics;

/// <summary>A value with its 95% interval over launches. With fewer than 6 launches the interval is unbounded: (0, ∞).</summary>
/// <param name="Launches">How many launches it rests on.</param>
public readonly record struct Interval(double Value, double Low, double High, int Launches);

/// <summary>What a cell's samples say of one variant; derived, never stored.</summary>
/// <param name="Seconds">Median time of one iteration.</param>
/// <param name="Ratio">Variant ÷ baseline; null for the baseline itself.</param>
/// <param name="PeakBytes">Median over memory launches, with the least and the greatest as its range; null where not measured.</param>
/// <param name="Accepted">Share of samples kept, 0 to 1.</param>
public sealed record VariantEstimate(
    string Label,
    Interval Seconds,
    Interval? Ratio,
    Interval? PeakBytes,
    double Accepted
);

/// <param name="Steady">False: some launch's warm-up ended with a slope left.</param>
public sealed record CellEstimate(
    IReadOnlyList<VariantEstimate> Variants,
    int TimeLaunches,
    int MemoryLaunches,
    bool Steady
);
