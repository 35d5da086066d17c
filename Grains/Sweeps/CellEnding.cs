using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Grains.Sweeps;

/// <summary>How a cell's end is written.</summary>
public static class CellEnding
{
    public static CellResult Ended(this Cell cell, Outcome outcome, DeviceId? device, DateTimeOffset at) =>
        new(
            cell.Index,
            cell.Id,
            cell.Point.Names.Zip(cell.Point.Values).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal),
            [.. cell.Variants.Select(v => v.Label)],
            cell.Baseline,
            outcome,
            device,
            at
        );
}
