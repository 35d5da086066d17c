using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis;

/// <summary>Whether peak memory repeats from launch to launch, over the cells that measured it in two or more.</summary>
/// <param name="Same">Of these, cells of which every variant had the same peak, to the byte, in all memory launches.</param>
/// <param name="Greatest">The greatest (most − least) ÷ median of any variant of any cell; 0 where there is none.</param>
public readonly record struct MemorySpread(long Same, long Cells, double Greatest)
{
    public MemorySpread With(CellEstimate? estimate)
    {
        if (estimate is not { MemoryLaunches: > 1 })
        {
            return this;
        }

        var peaks = estimate.Variants.Select(v => v.PeakBytes).OfType<Interval>().Where(p => p.Launches > 1).ToList();
        return peaks.Count == 0
            ? this
            : new MemorySpread(
                Same + (peaks.TrueForAll(p => p.Low == p.High) ? 1 : 0),
                Cells + 1,
                peaks.Select(p => p.Value > 0 ? (p.High - p.Low) / p.Value : 0).Append(Greatest).Max()
            );
    }
}
