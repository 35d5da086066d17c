using Layerbench.Core.Results;

namespace Layerbench.Core.Analysis;

/// <summary>Cells of <c>seed_epoch</c>, whose one sample is an epoch: what their launches tell beside the estimate.</summary>
public static class Epochs
{
    public const string Pass = "seed_epoch";

    /// <summary>Whether the cell timed epochs.</summary>
    public static bool Are(CellResult cell) =>
        cell.Point.TryGetValue("pass", out var pass) && pass == AxisValue.Of(Pass);

    /// <summary>What the variant learnt in the launch of these times, by name; null where the launch tells nothing.</summary>
    /// <param name="variant">Its place in the cell's list of variants.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>>? Curves(
        int variant,
        IReadOnlyList<LaunchRecord> launches,
        LoopTimes times
    ) =>
        launches
            .First(l => l.Kind == LaunchKind.Time && l.Number == times.Launch)
            .Curves.FirstOrDefault(c => c.Variant == variant)
            ?.Series;
}
