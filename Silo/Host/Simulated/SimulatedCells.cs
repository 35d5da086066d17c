using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.SweepFiles;

namespace Layerbench.Silo.Simulated;

/// <summary>Cells that are all alike but for their number, and for how long they wait.</summary>
internal sealed class SimulatedCells(SimulatedSweep sweep) : ICellSource
{
    private const double Flops = 1e9;
    private const double Bytes = 1e6;

    private static readonly string[] axes = ["pass", "backend", "dtype", "threads", "number"];

    private static readonly VariantUse[] variants =
    [
        new("simulated.wait", "simulated.wait", new Dictionary<string, AxisValue>(StringComparer.Ordinal)),
    ];

    public SimulatedCells(long size)
        : this(new SimulatedSweep(size, Spread: 0)) { }

    public long Size => sweep.Count;

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

    public CellCost Cost(Cell cell)
    {
        var factor = sweep.FactorOf(cell.Index);
        return new(Flops * factor, Bytes * factor, PeakBytes: Bytes);
    }

    public string? Refusal(Cell cell) => null;
}
