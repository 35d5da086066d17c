using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Silo.Simulated;

/// <summary>The text <c>simulated: 300</c>: so many cells that wait and measure nothing, to try a cluster and for tests of scale.</summary>
internal static class SimulatedSweep
{
    private const string Key = "simulated:";
    private const long MaximumCells = 1_000_000_000;

    /// <summary>How many, or null where it is a sweep file.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    public static long? Cells(SweepRecord sweep)
    {
        var text = sweep.Spec.Trim();
        if (!text.StartsWith(Key, StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        return
            long.TryParse(
                text[Key.Length..],
                NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture,
                out var cells
            ) && cells is >= 1 and <= MaximumCells
            ? cells
            : throw new ArgumentException(
                $"Sweep '{sweep.Id}': '{text}' does not say how many cells; write 'simulated: N', N from 1 to {MaximumCells}.",
                nameof(sweep)
            );
    }
}

/// <summary>Cells that are all alike but for their number.</summary>
internal sealed class SimulatedCells(long size) : ICellSource
{
    private static readonly string[] axes = ["pass", "backend", "dtype", "threads", "number"];

    private static readonly VariantUse[] variants =
    [
        new("simulated.wait", "simulated.wait", new Dictionary<string, AxisValue>(StringComparer.Ordinal)),
    ];

    public long Size { get; } = size;

    public Cell? At(long index) =>
        new(
            index,
            new CellId(
                Convert.ToHexStringLower(
                    SHA256
                        .HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"wait {index}")))
                        .AsSpan(0, 8)
                )
            ),
            new Point(
                axes,
                [
                    AxisValue.Of("forward"),
                    AxisValue.Of("simulated"),
                    AxisValue.Of("float32"),
                    AxisValue.Of(0),
                    AxisValue.Of(index),
                ]
            ),
            variants,
            variants[0].Label
        );

    public CellCost Cost(Cell cell) => new(Flops: 1e9, Bytes: 1e6, PeakBytes: 1e6);

    public string? Refusal(Cell cell) => null;
}
