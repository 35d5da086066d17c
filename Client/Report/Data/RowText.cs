using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Words;

namespace Layerbench.Report.Data;

/// <summary>A row's numbers as people read them.</summary>
internal static class RowText
{
    private const string None = "–";

    public static string Time(ResultRow row) =>
        row.TimeMedianSeconds is { } value
            ? Units.Seconds(Of(value, row.TimeLowSeconds, row.TimeHighSeconds, row))
            : None;

    public static string Ratio(ResultRow row) =>
        row.Ratio is { } value ? Units.Ratio(Of(value, row.RatioLow, row.RatioHigh, row))
        : row.TimeMedianSeconds is not null && row.Variant == row.Baseline ? "baseline"
        : None;

    public static string Verdict(ResultRow row) =>
        row.Verdict is { } verdict ? VerdictText.Of(new Judgement(verdict, row.AdjustedP ?? double.NaN)) : "";

    public static string Memory(ResultRow row) =>
        row is { PeakMemoryBytes: { } value, PeakMemoryMinimumBytes: { } low, PeakMemoryMaximumBytes: { } high }
            ? Units.Bytes(new Interval(value, low, high, row.MemoryLaunches))
            : None;

    /// <summary>Null where nothing was trained.</summary>
    public static string? Training(ResultRow row) => row.Training is { } training ? TrainingText.Of(training) : null;

    private static Interval Of(double value, double? low, double? high, ResultRow row) =>
        new(value, low ?? 0, high ?? double.PositiveInfinity, row.Launches);
}
