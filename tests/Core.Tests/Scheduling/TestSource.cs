using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>A cell source made of functions of the index.</summary>
internal sealed class TestSource(long size) : ICellSource
{
    private static readonly string[] Names = ["pass", "backend", "dtype", "threads"];

    public long Size => size;

    /// <summary>FLOPs of one block; enough of them that arithmetic decides.</summary>
    public Func<long, double> Flops { get; init; } = _ => 1e9;
    public Func<long, double> PeakBytes { get; init; } = _ => 1024;
    public Func<long, bool> Excluded { get; init; } = _ => false;
    public Func<long, string?> Refused { get; init; } = _ => null;
    public Func<long, string> Backend { get; init; } = _ => "simulated";
    public Func<long, int> Threads { get; init; } = _ => 1;

    /// <summary>Of the cell's only variant, or null: it has none.</summary>
    public Func<long, string?> Variant { get; init; } = _ => null;

    /// <summary>How often a cell was asked for.</summary>
    public long Looks { get; private set; }

    public Cell? At(long index)
    {
        Looks++;
        if (Excluded(index))
        {
            return null;
        }

        var point = new Point(
            Names,
            [
                AxisValue.Of("forward"),
                AxisValue.Of(Backend(index)),
                AxisValue.Of("float32"),
                AxisValue.Of((long)Threads(index)),
            ]
        );
        VariantUse[] variants = Variant(index) is { } variant
            ? [new VariantUse("a", variant, new Dictionary<string, AxisValue>())]
            : [];
        return new Cell(index, new CellId($"{index:x16}"), point, variants, "a");
    }

    public CellCost Cost(Cell cell) => new(Flops(cell.Index), 0, PeakBytes(cell.Index));

    public string? Refusal(Cell cell) => Refused(cell.Index);

    /// <summary>Options whose expected seconds are the FLOPs themselves.</summary>
    public static SchedulingOptions Options { get; } = new() { ExpectedSeconds = (_, cost) => cost.Flops };

    public static DeviceInfo Device(int number, long memoryBytes = 1L << 30) =>
        new(new DeviceId($"simulated:{number}"), "simulated", "simulated", [number], memoryBytes);
}
