using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Scheduling;

namespace Layerbench.Silo.Simulated;

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
