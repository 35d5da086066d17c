using System.Buffers;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>
/// Rows as CSV: RFC 4180 quoting, UTF-8, one line feed a line, invariant numbers in the shortest form that reads back
/// to the same value. The columns are described in docs/results.md.
/// </summary>
public sealed class ResultsCsv(TextWriter writer, SweepId sweep, SweepConclusion conclusion)
{
    private static readonly string[] reserved = ["pass", "backend", "dtype", "threads"];
    private static readonly SearchValues<char> special = SearchValues.Create(",\"\r\n");

    private static readonly Column[] before =
    [
        new("cell", r => r.Cell.Value),
        new("outcome", r => r.Outcome.Name),
        new("reason", r => r.Outcome.Explanation),
        new("quality", r => r.QualityName),
        new("device", r => r.Device?.Value),
        new("pass", r => Axis(r, "pass")),
        new("backend", r => Axis(r, "backend")),
        new("dtype", r => Axis(r, "dtype")),
        new("threads", r => Axis(r, "threads")),
    ];

    private static readonly Column[] after =
    [
        new("variant", r => r.Variant),
        new("baseline", r => r.Baseline),
        new("time_median_s", r => Number(r.TimeMedianSeconds)),
        new("time_low_s", r => Number(r.TimeLowSeconds)),
        new("time_high_s", r => Number(r.TimeHighSeconds)),
        new("ratio", r => Number(r.Ratio)),
        new("ratio_low", r => Number(r.RatioLow)),
        new("ratio_high", r => Number(r.RatioHigh)),
        new("launches", r => Number(r.Launches)),
        new("samples_accepted_ratio", r => Number(r.SamplesAcceptedRatio)),
        new("peak_memory_bytes", r => Number(r.PeakMemoryBytes)),
        new("peak_memory_min_bytes", r => Number(r.PeakMemoryMinimumBytes)),
        new("peak_memory_max_bytes", r => Number(r.PeakMemoryMaximumBytes)),
        new("memory_launches", r => Number(r.MemoryLaunches)),
        new("flops", r => Number(r.Flops)),
        new("bytes", r => Number(r.Bytes)),
        new("arithmetic_intensity", r => Number(r.ArithmeticIntensity)),
        new("roofline_ratio", r => Number(r.Roofline?.Ratio)),
        new("roofline_impossible", r => Truth(r.Roofline?.IsImpossible)),
        new("parameters", r => Number(r.Parameters)),
        new("forward_error", r => Number(r.ForwardError)),
        new("gradient_error", r => Number(r.GradientError)),
        new("steady", r => Truth(r.Steady)),
        new("fingerprint", r => r.Fingerprint?.Value),
        new("verdict", r => r.VerdictName),
        new("adjusted_p", r => Number(r.AdjustedP)),
        new("control", r => r.ControlName),
    ];

    /// <summary>Behind the others, in sweeps that have matched variants to the baseline.</summary>
    private static readonly Column[] matched =
    [
        new("match_by", r => r.Matched?.By),
        new("match_axis", r => r.Matched?.Axis),
        new("match_value", r => Number(r.Matched?.Value)),
        new("match_ratio", r => Number(r.Matched?.Ratio)),
    ];

    /// <summary>Behind the others, in sweeps that have timed epochs.</summary>
    private static readonly Column[] epochs =
    [
        new("timeit_launch", r => Number(r.Timeit?.Launch)),
        new("timeit_mean_s", r => Number(r.Timeit?.MeanSeconds)),
        new("timeit_std_s", r => Number(r.Timeit?.DeviationSeconds)),
        new("timeit_runs", r => Number(r.Timeit?.Runs)),
        new("loss_first", r => Number(Loss(r)?[0].Y)),
        new("loss_last", r => Number(Loss(r)?[^1].Y)),
    ];

    /// <summary>Behind the others, in sweeps that have measured a point in several backends.</summary>
    private static readonly Column[] paired =
    [
        new("backend_from", r => r.BackendFrom),
        new("backend_ratio", r => Number(r.BackendRatio)),
        new("backend_ratio_low", r => Number(r.BackendRatioLow)),
        new("backend_ratio_high", r => Number(r.BackendRatioHigh)),
    ];

    /// <summary>Behind the others, in sweeps that have trained something.</summary>
    private static readonly Column[] trained =
    [
        new("metric", r => r.Training?.Metric),
        new("metric_value", r => Number(r.Training?.Value)),
        new("metric_guess", r => Number(r.Training?.Guess)),
        new("training_status", r => r.Training?.StatusName),
        new("training_steps", r => Number(r.Training?.Steps)),
        new("training_s", r => Number(r.Training?.Duration.TotalSeconds)),
        new("loss", r => r.Training?.Values.TryGetValue("loss", out var loss) == true ? Number(loss) : null),
        new("rate_mean", r => Number(r.Rate?.Mean)),
        new("rate_min", r => Number(r.Rate?.Least)),
        new("rate_max", r => Number(r.Rate?.Greatest)),
        new("rate_trials", r => Number(r.Rate?.Trials)),
        new("best_rate", r => Truth(r.IsBestRate)),
    ];

    private readonly IReadOnlyList<string> axes = [.. conclusion.Axes.Where(a => !IsReserved(a))];
    private readonly IReadOnlyList<Column> behind =
    [
        .. after,
        .. conclusion.HasMatches ? matched : [],
        .. conclusion.HasEpochs ? epochs : [],
        .. conclusion.Backends.Ratios.Count > 0 ? paired : [],
        .. conclusion.Quality.Groups.Count > 0 ? trained : [],
    ];

    /// <summary>Before the first row: its axes are those of all cells of the sweep.</summary>
    public Task WriteHeaderAsync() =>
        WriteLineAsync([
            "sweep",
            .. before.Select(c => c.Name),
            .. axes.Select(AxisColumn),
            .. behind.Select(c => c.Name),
        ]);

    public Task WriteAsync(ResultRow row) =>
        WriteLineAsync([
            sweep.Value,
            .. before.Select(c => c.Value(row)),
            .. axes.Select(a => Axis(row, a)),
            .. behind.Select(c => c.Value(row)),
        ]);

    /// <summary>An axis that is called like another column is told from it.</summary>
    private string AxisColumn(string axis) =>
        string.Equals(axis, "sweep", StringComparison.Ordinal)
        || before.Concat(behind).Any(c => string.Equals(c.Name, axis, StringComparison.Ordinal))
            ? $"axis_{axis}"
            : axis;

    private async Task WriteLineAsync(IEnumerable<string?> fields)
    {
        await writer.WriteAsync(string.Join(',', fields.Select(Quote)));
        await writer.WriteAsync('\n');
    }

    private static string Quote(string? field) =>
        field is null ? ""
        : field.AsSpan().ContainsAny(special) ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;

    private static bool IsReserved(string axis) => reserved.Contains(axis, StringComparer.Ordinal);

    private static string? Axis(ResultRow row, string name) =>
        row.Point.TryGetValue(name, out var value) ? value.Canonical : null;

    private static IReadOnlyList<CurvePoint>? Loss(ResultRow row) =>
        row.EpochCurves?.TryGetValue("loss", out var loss) == true && loss.Count > 0 ? loss : null;

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Truth(bool? value) =>
        value switch
        {
            null => null,
            true => "true",
            false => "false",
        };

    private sealed record Column(string Name, Func<ResultRow, string?> Value);
}
