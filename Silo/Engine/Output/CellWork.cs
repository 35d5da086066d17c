using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>How much a cell's variants computed in a second, to be held against what its device can do.</summary>
/// <param name="Fingerprint">Under which its times were taken.</param>
/// <param name="FlopsPerSecond">Of each variant of which time and FLOPs are known.</param>
public sealed record CellWork(FingerprintId Fingerprint, IReadOnlyList<double> FlopsPerSecond)
{
    /// <param name="launches">The cell's that are kept.</param>
    /// <returns>Null where nothing can be held against anything.</returns>
    public static CellWork? Of(CellResult cell, CellEstimate? estimate, IReadOnlyList<LaunchRecord> launches)
    {
        if (estimate is not { TimeLaunches: > 0 } || ResultRows.RoofOf(cell, launches) is not { } fingerprint)
        {
            return null;
        }

        List<double> rates = [];
        foreach (var variant in estimate.Variants)
        {
            var flops = ResultRows
                .FactsOf(launches, variant.Label)
                .Select(f => f.Flops)
                .FirstOrDefault(f => f is not null);
            var rate = flops / variant.Seconds.Value;
            if (rate is > 0 and { } known && double.IsFinite(known))
            {
                rates.Add(known);
            }
        }

        return rates.Count == 0 ? null : new CellWork(fingerprint, [.. rates]);
    }

    /// <summary>Variants that were faster than their device was measured to be able to.</summary>
    public int Impossible(IReadOnlyDictionary<FingerprintId, DevicePeak> peaks) =>
        peaks.TryGetValue(Fingerprint, out var peak)
            ? FlopsPerSecond.Count(rate => Roofline.Of(rate, bytes: null, seconds: 1, peak) is { IsImpossible: true })
            : 0;
}
