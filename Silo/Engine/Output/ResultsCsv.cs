using System.Buffers;
using System.Globalization;
using Layerbench.Core;

namespace Layerbench.Engine.Output;

/// <summary>
/// Rows as CSV: RFC 4180 quoting, UTF-8, one line feed a line, invariant numbers in the shortest form that reads back
/// to the same value. The columns are described in docs/results.md.
/// </summary>
public sealed class ResultsCsv(TextWriter writer, SweepId sweep)
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

    private IReadOnlyList<string>? axes;

    /// <summary>Writes a row, and before the first the header: its axes are those of all cells of the sweep.</summary>
    public async Task WriteAsync(ResultRow row)
    {
        if (axes is null)
        {
            await WriteHeaderAsync(row.Point.Keys);
        }
        else if (row.Point.Keys.FirstOrDefault(a => !IsReserved(a) && !axes.Contains(a)) is { } unknown)
        {
            throw new InvalidOperationException(
                $"Cell {row.Cell} has an axis '{unknown}' that the sweep's first cell lacks; all cells of a sweep have the same axes."
            );
        }

        await WriteLineAsync([
            sweep.Value,
            .. before.Select(c => c.Value(row)),
            .. axes!.Select(a => Axis(row, a)),
            .. after.Select(c => c.Value(row)),
        ]);
    }

    /// <summary>Ends the file: one without rows has a header all the same.</summary>
    public async Task EndAsync()
    {
        if (axes is null)
        {
            await WriteHeaderAsync([]);
        }
    }

    private async Task WriteHeaderAsync(IEnumerable<string> names)
    {
        axes = [.. names.Where(n => !IsReserved(n))];
        await WriteLineAsync([
            "sweep",
            .. before.Select(c => c.Name),
            .. axes.Select(AxisColumn),
            .. after.Select(c => c.Name),
        ]);
    }

    /// <summary>An axis that is called like another column is told from it.</summary>
    private static string AxisColumn(string axis) =>
        string.Equals(axis, "sweep", StringComparison.Ordinal)
        || before.Concat(after).Any(c => string.Equals(c.Name, axis, StringComparison.Ordinal))
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
