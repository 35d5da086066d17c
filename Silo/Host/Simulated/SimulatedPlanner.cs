using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Grains;

namespace Layerbench.Silo.Simulated;

/// <summary>Plans the one text that a silo can plan today: <c>simulated: 300</c>, so many cells that wait and measure nothing.</summary>
internal sealed class SimulatedPlanner : ISweepPlanner
{
    private const string Key = "simulated:";
    private const long MaximumCells = 1_000_000_000;

    public ICellSource Plan(SweepRecord sweep)
    {
        var text = sweep.Spec.Trim();
        if (
            text.StartsWith(Key, StringComparison.Ordinal)
            && long.TryParse(
                text[Key.Length..],
                NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture,
                out var n
            )
            && n is >= 1 and <= MaximumCells
        )
        {
            return new SimulatedCells(n);
        }

        throw new ArgumentException(
            $"Sweep '{sweep.Id}': the cluster cannot plan sweep files yet, only 'simulated: N', N from 1 to {MaximumCells}.",
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
